import type { PipelineStep } from "./pipeline-text";

/** Kind of the gateway's access log; its lines are printed by its containers, and taken apart here. */
export const accessLogKind = "gateway";

/** Where the parsed line is while it is taken apart; nothing below `@metadata` is written. */
const parsed = "[@metadata][access]";

/** Fields of the gateway's JSON, and what they are called in an event: ECS names where there are. */
export const accessFields: Record<string, string> = {
  RequestMethod: "[http][request][method]",
  request_Referer: "[http][request][referrer]",
  DownstreamStatus: "[http][response][status_code]",
  RequestPath: "[url][path]",
  RequestHost: "[url][domain]",
  "request_User-Agent": "[user_agent][original]",
  ClientHost: "[client][address]",
  // Nanoseconds in both.
  Duration: "[event][duration]",
  RouterName: "route",
  ServiceName: "service",
};

/** A role's Service, as the gateway names it: `<namespace>-<app>-<role>-http-<port>@kubernetesgateway`. */
const roleService = (role: string) => `[service] =~ /-${role}-http-[0-9]+@kubernetesgateway$/`;

/** Every domain by its own name: a dictionary that says which ones there are. */
export function sameDomains(domains: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.values(domains)
      .sort()
      .map((domain) => [domain, domain]),
  );
}

/**
 * Takes the gateway's access log apart, and puts each line under the domain that was asked for. Which
 * role's Service answered is the line's release: `stable` or `canary`. An app's Services keep their
 * names, so a release's version is not in the line.
 */
export function accessLog(domains: Record<string, string>): PipelineStep[] {
  return [
    {
      if: '[kubernetes][namespace] == "gateway" and [kubernetes][labels][app_kubernetes_io/name] == "traefik" and [message] =~ /^\\{.*"DownstreamStatus":/',
      then: [
        {
          plugin: "json",
          settings: { source: "message", target: parsed, skip_on_invalid_json: true },
        },
        { if: `${parsed}[DownstreamStatus]`, then: fields(domains) },
      ],
    },
  ];
}

function fields(domains: Record<string, string>): PipelineStep[] {
  const rename = Object.fromEntries(
    Object.entries(accessFields).map(([from, to]) => [`${parsed}[${from}]`, to]),
  );
  const apps = Object.fromEntries(
    Object.entries(domains)
      .map(([app, domain]) => [domain, app])
      .sort(),
  );
  const settings = (plugin: string, map: Record<string, string | object>) => ({
    plugin,
    settings: map as Record<string, string>,
  });
  const release = (role: string, canary: string): PipelineStep => ({
    if: roleService(role),
    then: [settings("mutate", { add_field: { release: role, canary } })],
  });
  return [
    settings("mutate", { rename }),
    settings("mutate", {
      replace: {
        ltype: accessLogKind,
        message:
          "%{[http][request][method]} %{[url][domain]}%{[url][path]} %{[http][response][status_code]}",
      },
      lowercase: ["[url][domain]"],
    }),
    // A host that no app has, which the gateway answered itself, stays with the platform.
    ...(Object.keys(domains).length === 0
      ? []
      : [
          settings("translate", {
            source: "[url][domain]",
            target: "domain",
            dictionary: sameDomains(domains),
          }),
          settings("translate", { source: "[url][domain]", target: "app", dictionary: apps }),
        ]),
    release("stable", "false"),
    release("canary", "true"),
  ];
}

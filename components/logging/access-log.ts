import type { PipelineStep } from "./pipeline-text";

/** Log kind of the gateway's access log. Its containers print the lines, and this module parses them. */
export const accessLogKind = "gateway";

/** The parsed line before it is converted; nothing below `@metadata` is stored. */
const parsed = "[@metadata][access]";

/** Fields of the gateway's JSON log, and their names in an event: ECS names where there are any. */
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

/** Matches a role's Service in the gateway's format: `<namespace>-<app>-<role>-http-<port>@kubernetesgateway`. */
const roleService = (role: string) => `[service] =~ /-${role}-http-[0-9]+@kubernetesgateway$/`;

/** Maps each domain to itself: a dictionary of the existing domains. */
export function sameDomains(domains: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.values(domains)
      .sort()
      .map((domain) => [domain, domain]),
  );
}

/** Returns the app of each host name, domains and additional hosts. */
function appsByHost(
  domains: Record<string, string>,
  hosts: Record<string, string>,
): Record<string, string> {
  const own = Object.entries(domains).map(([app, domain]) => [domain, app] as const);
  return Object.fromEntries([...own, ...Object.entries(hosts)].sort());
}

/**
 * Returns the filter that parses the gateway's access log and assigns each line to the domain of the requested app. The
 * role of the Service that responded becomes the line's release: `stable` or `canary`. The names of an app's Services
 * do not change, so a line does not contain the release's version.
 */
export function accessLog(
  domains: Record<string, string>,
  hosts: Record<string, string> = {},
): PipelineStep[] {
  return [
    {
      if: '[kubernetes][namespace] == "gateway" and [kubernetes][labels][app_kubernetes_io/name] == "traefik" and [message] =~ /^\\{.*"DownstreamStatus":/',
      then: [
        {
          plugin: "json",
          settings: { source: "message", target: parsed, skip_on_invalid_json: true },
        },
        { if: `${parsed}[DownstreamStatus]`, then: fields(domains, hosts) },
      ],
    },
  ];
}

function fields(domains: Record<string, string>, hosts: Record<string, string>): PipelineStep[] {
  const rename = Object.fromEntries(
    Object.entries(accessFields).map(([from, to]) => [`${parsed}[${from}]`, to]),
  );
  const apps = appsByHost(domains, hosts);
  const additionalHosts = Object.entries(hosts).map(([host, app]) => [host, domains[app] ?? host]);
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
    // Lines of hosts that no app has, to which the gateway responds itself, stay in the platform's stream.
    ...(Object.keys(domains).length === 0
      ? []
      : [
          settings("translate", {
            source: "[url][domain]",
            target: "domain",
            dictionary: {
              ...sameDomains(domains),
              ...Object.fromEntries(additionalHosts),
            } as object,
          }),
          settings("translate", { source: "[url][domain]", target: "app", dictionary: apps }),
        ]),
    release("stable", "false"),
    release("canary", "true"),
  ];
}

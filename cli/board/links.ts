import { ciHost } from "../../config/hosts";
import { kibanaHost } from "../../config/components/logging";
import { pageHosts } from "../../config/components/monitoring";
import { isMap } from "../../config/is-map";
import type { FleetApp } from "../fleet/apps";
import { dependencyOf, type StackEntry } from "../stacks/discover";

/** A link to a page about an app. */
export interface Link {
  text: string;
  url: string;
}

/**
 * Returns a function that returns an app's links to the web UIs of its platform; their hosts come from the stack files.
 */
export function linksOf(entries: StackEntry[]): (app: FleetApp) => Link[] {
  const platforms = new Map(
    entries.map((entry) => [entry.name, pagesOf(dependencyOf(entry, entries) ?? entry)]),
  );
  return (app) => {
    const { grafana, kibana, ci } = platforms.get(app.stack) ?? {};
    const namespace = app.namespace ?? `${app.team ?? ""}-${app.environment}`;
    const part = encodeURIComponent;
    const pages: [text: string, base: string | undefined, path: string][] = [
      [
        "dashboard",
        grafana,
        `/d/platform-app?var-namespace=${part(namespace)}&var-app=${part(app.app)}`,
      ],
      [
        "logs",
        app.domain === undefined ? undefined : kibana,
        `/app/discover#/?_a=(index:'applogs-${part(app.environment)}-${part(app.domain ?? "")}')`,
      ],
      ["pipeline", ci, `/job/${part(app.team ?? "")}/job/${part(app.app)}/`],
    ];
    return pages.flatMap(([text, base, path]) =>
      base === undefined ? [] : [{ text, url: `${base}${path}` }],
    );
  };
}

interface Pages {
  grafana?: string;
  kibana?: string;
  ci?: string;
}

/** Reads the hosts tolerantly: a section with an error has no link. */
function pagesOf({ config }: StackEntry): Pages {
  const components = config["platform:components"];
  const domain = config["platform:domain"];
  if (!isMap(components) || typeof domain !== "string") return {};
  const { monitoring, logging, ci, gateway } = components;
  const scheme = isMap(gateway) && gateway["tls"] !== undefined ? "https" : "http";
  const page = (host: unknown) =>
    typeof host === "string" && /^[a-z0-9.-]+$/i.test(host) ? `${scheme}://${host}` : undefined;
  const mapIn = (value: unknown) => (isMap(value) ? value : {});
  const given = (value: unknown, host: (part: never) => string) =>
    isMap(value) ? page(host(value as never)) : undefined;
  return {
    grafana: given(
      monitoring,
      (part) => pageHosts({ pages: mapIn(part["pages"]) }, domain).grafana,
    ),
    kibana: given(logging, (part) =>
      kibanaHost({ kibana: mapIn(part["kibana"]) as never }, domain),
    ),
    ci: given(ci, (part) => ciHost(part, domain)),
  };
}

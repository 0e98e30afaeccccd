import type { MonitoredParts } from "../rules/args";
import { dashboardModel, type Dashboard } from "./build";
import { nodes, overview } from "./cluster";
import { harbor, jenkins } from "./delivery";
import { dns } from "./dns";
import { logging } from "./logging";
import { namespaces } from "./namespaces";
import { tracing } from "./tracing";
import { apps, gateway } from "./traffic";

/** Returns the dashboards of the given parts. Default: all parts. */
export function dashboardList(
  parts:
    Pick<MonitoredParts, "dns" | "logging" | "tracing" | "ci" | "registry"> | undefined = undefined,
): Dashboard[] {
  return [
    overview,
    nodes,
    namespaces,
    apps,
    gateway,
    ...(parts === undefined || parts.dns ? [dns] : []),
    ...(parts === undefined || parts.logging ? [logging] : []),
    ...(parts === undefined || parts.tracing ? [tracing] : []),
    ...(parts === undefined || parts.ci ? [jenkins] : []),
    ...(parts === undefined || parts.registry ? [harbor] : []),
  ];
}

/** Returns Grafana's dashboard files: their content by file name. */
export function dashboards(parts?: MonitoredParts): Record<string, object> {
  return Object.fromEntries(
    dashboardList(parts).map((dashboard) => [`${dashboard.uid}.json`, dashboardModel(dashboard)]),
  );
}

import { groupOf, type PackageObject } from "../../components/charts/kinds";
import type { StackConfig } from "../../config";
import { appHosts } from "../../config/checks/hosts";
import { expected, show, taken, type ConfigError } from "../../config/errors";
import { mapAt, mapsAt, stringsAt } from "../../config/fields";
import { platformHosts } from "../../config/hosts";
import type { PlatformEntrances } from "../../config/platform-entrances";
import { hasHost } from "../claims";
import { otherApps, whereOf } from "../other-apps";
import type { PackageEntry } from "./entries";

/** Kinds with which a namespace takes requests for any host, and that are not compared with the hosts of apps. */
const unchecked: Record<string, string[]> = {
  "gateway.networking.k8s.io": ["Gateway", "ListenerSet", "TCPRoute", "UDPRoute"],
  "traefik.io": ["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"],
};

/**
 * Returns the errors of an object with which a team's package could get requests or connections of others. The
 * platform's own packages may contain such objects; a preview reports them as dangers.
 */
export function reachProblems(
  { key, place }: PackageEntry,
  object: PackageObject,
  title: string,
): ConfigError[] {
  if (place.team === undefined) return [];
  const error = (what: string, next: string) => [{ key, message: expected(what, title, next) }];
  if (unchecked[groupOf(object.apiVersion)]?.includes(object.kind)) {
    return error(
      "routes of a team as HTTPRoutes or Ingresses",
      "the hosts of other kinds are not compared with those of other teams",
    );
  }
  if (object.kind === "Service" && stringsAt(mapAt(object, "spec"), "externalIPs").length > 0) {
    return error(
      "no Service with externalIPs",
      "it would get the connections to these addresses from all nodes; remove them",
    );
  }
  if (routedHosts(object).some((host) => host === "" || host.startsWith("*"))) {
    return error(
      "routes of a team with whole host names",
      "a route for all hosts, or for all below one, can get requests of other teams; name each host",
    );
  }
  return [];
}

/**
 * Returns the host names whose requests an object routes; an empty one for requests to every host. Objects that route
 * none have none.
 */
export function routedHosts({ apiVersion, kind, ...object }: PackageObject): string[] {
  const spec = mapAt(object, "spec");
  const group = groupOf(apiVersion);
  if (group === "gateway.networking.k8s.io" && kind.endsWith("Route")) {
    const hosts = stringsAt(spec, "hostnames");
    return hosts.length === 0 ? [""] : hosts;
  }
  if (group !== "networking.k8s.io" || kind !== "Ingress") return [];
  const hosts = mapsAt(spec, "rules").map(({ host }) => (typeof host === "string" ? host : ""));
  return spec["defaultBackend"] === undefined && hosts.length > 0 ? hosts : [...hosts, ""];
}

/** A host that a package routes, and the key of the package. */
export interface RoutedHost {
  key: string;
  host: string;
}

/**
 * Returns an error for each host of a package that an app of any stack of the platform or a web UI has: with a longer
 * path, the package would get its requests.
 */
export function takenHosts(
  stack: string,
  config: StackConfig,
  routed: readonly RoutedHost[],
  folder: string,
): ConfigError[] {
  if (routed.length === 0) return [];
  const owners = new Map<string, string>(
    [
      ...appHosts(Object.entries({ ...config.apps, ...config.unreleased })),
      ...platformHosts(config.components, config.domain).map(({ key, host }): [string, string] => [
        key,
        host,
      ]),
    ].map(([key, host]) => [host, key]),
  );
  const words = new Set(routed.map(({ host }) => host));
  const others = otherApps({ name: stack, platformStack: config.platformStack, folder, words });
  return routed.flatMap(({ key, host }) => {
    const other = others.find(({ given }) => hasHost(given, host));
    const owner = owners.get(host) ?? (other && whereOf(other));
    return owner === undefined ? [] : [{ key, message: taken("a host name", show(host), owner) }];
  });
}

/** Adds the hosts of charts and manifests, which no app of an app stack may have either. */
export function withPackages(
  { hosts, nodePorts }: PlatformEntrances,
  packages: readonly { hosts: RoutedHost[] }[],
): PlatformEntrances {
  const routed = packages
    .flatMap((each) => each.hosts)
    .filter(({ host }) => host !== "")
    .map(({ key, host }) => [`${key} (${host})`, host] as const);
  return { hosts: { ...hosts, ...Object.fromEntries(routed) }, nodePorts };
}

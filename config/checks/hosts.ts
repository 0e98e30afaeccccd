import { addressText, gatewayRouteOf, hostsOf, type GatewayRoute } from "../app/entrances";
import { platformHosts } from "../hosts";
import type { Apps, ParsedSections } from "./sections";
import { duplicates, expected, keyOf, show, taken, type ConfigError } from "../errors";

/** Checks that each web UI of the platform has a host name that no other web UI and no app uses. */
export function hostChecks(apps: Apps, { components, domain }: ParsedSections): ConfigError[] {
  if (components === undefined || domain === undefined) return [];
  const platform = platformHosts(components, domain);
  return [
    ...longDomain(platform, domain),
    ...duplicates(
      platform.map(({ key, host }) => [key, host]),
      "a host name",
    ),
    ...appHosts(apps).flatMap(([key, host]) => {
      const owner = platform.find((it) => it.host === host);
      return owner === undefined
        ? []
        : [{ key, message: taken("a host name", show(host), owner.key) }];
    }),
  ];
}

/** Returns every host name of every app, with its key. */
export function appHosts(apps: Apps): [key: string, host: string][] {
  return apps.flatMap(([name, app]) =>
    hostsOf(app).map(({ key, host }): [string, string] => [
      keyOf("platform:apps", [name, ...key]),
      host,
    ]),
  );
}

/**
 * Checks that each host and path belongs to one app. An app does not share its domain, because its images and
 * logs are named after it. Apps can share an additional host if their paths differ, and if all have a route or all have
 * an Ingress.
 */
export function sharedHosts(apps: Apps): ConfigError[] {
  const owners = new Map<string, string>();
  const first = new Map<string, { app: string; entrance: GatewayRoute }>();
  const domains = new Map(
    apps.flatMap(([name, { domain }]) => (domain === undefined ? [] : [[domain, name] as const])),
  );
  return apps.flatMap(([name, app]) => {
    const entrance = gatewayRouteOf(app);
    return hostsOf(app).flatMap(({ key: path, host }) => {
      const key = keyOf("platform:apps", [name, ...path]);
      const isDomain = path[0] === "domain";
      const domainOf = domains.get(host);
      if (!isDomain && domainOf !== undefined && domainOf !== name) {
        const owner = keyOf("platform:apps", [domainOf, "domain"]);
        return [{ key, message: taken("a host name", show(host), owner) }];
      }
      const claims = [...(isDomain ? [`domain ${host}`] : []), ...app.paths.map(at(host))];
      const owned = claims.find((claim) => owners.has(claim));
      for (const claim of claims) if (!owners.has(claim)) owners.set(claim, key);
      if (owned !== undefined) {
        const value = owned.replace("domain ", "");
        return [{ key, message: taken("a host name", show(value), owners.get(owned) ?? "") }];
      }
      if (entrance === undefined) return [];
      const other = first.get(host);
      if (other === undefined) first.set(host, { app: name, entrance });
      if (other === undefined || other.entrance === entrance) return [];
      const owner = keyOf("platform:apps", [other.app]);
      return [{ key, message: mixedEntrances(host, other.entrance, owner) }];
    });
  });
}

/**
 * Returns the message for a host that one app serves by a route and another one by an Ingress. Traefik ranks the two by
 * different rules, so that `/api` of a route gets the requests for `/api/v2` of an Ingress.
 * @param theirs what serves the other app.
 * @param owner the other app.
 */
export function mixedEntrances(host: string, theirs: GatewayRoute, owner: string): string {
  return expected(
    `a host name that no app with ${theirs} uses`,
    `${show(host)}, which ${owner} uses`,
    "give both apps a route or both an Ingress, or serve them on different hosts",
  );
}

function at(host: string): (path: string) => string {
  return (path) => addressText(host, path);
}

/** Maximum length of a host name. */
const longest = 253;

/**
 * Checks that the web UIs' host names are not too long. They are below the stack's domain, unless they have
 * their own host.
 */
function longDomain(platform: { host: string }[], domain: string): ConfigError[] {
  const longer = platform
    .filter(({ host }) => host.endsWith(`.${domain}`))
    .map(({ host }) => host.slice(0, -domain.length))
    .sort((one, other) => other.length - one.length);
  const [prefix = ""] = longer;
  if (prefix.length + domain.length <= longest) return [];
  const what = `at most ${longest - prefix.length} characters, because ${prefix} is added in front`;
  return [{ key: "platform:domain", message: expected(what, show(domain)) }];
}

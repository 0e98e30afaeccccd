import { addressText, hostsOf } from "../app/entrances";
import { platformHosts } from "../hosts";
import type { Apps, ParsedSections } from "./sections";
import { duplicates, expected, keyOf, show, taken, type ConfigError } from "../errors";

/** Checks that nothing else uses the host names of Harbor, Nexus and Jenkins. */
export function hostChecks(apps: Apps, { components, domain }: ParsedSections): ConfigError[] {
  if (components === undefined || domain === undefined) return [];
  const platform = platformHosts(components, domain);
  const own = ["registry", "artifacts", "ci"];
  const checked = platform.filter(({ part }) => own.includes(part));
  const others = [
    ...platform.filter(({ part }) => !own.includes(part)).map(pairOf),
    ...appHosts(apps),
  ];
  return [
    ...longDomain(platform, domain),
    ...duplicates(checked.map(pairOf), "a host name"),
    ...checked.flatMap((it) =>
      others
        .filter(([, host]) => host === it.host)
        .flatMap((other) => duplicates([pairOf(it), other], "a host name")),
    ),
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
 * logs are named after it. Apps can share an additional host if their paths differ.
 */
export function sharedHosts(apps: Apps): ConfigError[] {
  const owners = new Map<string, string>();
  const domains = new Map(
    apps.flatMap(([name, { domain }]) => (domain === undefined ? [] : [[domain, name] as const])),
  );
  return apps.flatMap(([name, app]) =>
    hostsOf(app).flatMap(({ key: path, host }) => {
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
      if (owned === undefined) return [];
      const value = owned.replace("domain ", "");
      return [{ key, message: taken("a host name", show(value), owners.get(owned) ?? "") }];
    }),
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

function pairOf({ key, host }: { key: string; host: string }): [string, string] {
  return [key, host];
}

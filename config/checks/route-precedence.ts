import type { CanaryRequests } from "../app/canary-requests";
import { addressText, hostsOf } from "../app/entrances";
import { expected, keyOf, show, type ConfigError } from "../errors";
import type { Apps } from "./sections";

type App = Apps[number][1];
type RequestKind = CanaryRequests[number];

/** What Traefik 3.6 adds for each part of a match (`pkg/provider/kubernetes/gateway/httproute.go`). */
const points = { prefix: 10_000, character: 100, header: 100, parameter: 10 };

/**
 * Checks that of two apps with a common host the one with the longer path gets its requests, also those for the other
 * app's canary. Traefik adds up the lengths of path and host and the number of conditions, where Gateway API compares
 * paths first.
 */
export function routePrecedence(apps: Apps): ConfigError[] {
  return [...appsByHost(apps)].flatMap(([host, served]) =>
    // A host can have thousands of apps, few of which have a path and choose the requests for a canary.
    served
      .filter(([, { canaryFor, paths }]) => canaryFor.length > 0 && paths.some((it) => it !== "/"))
      .flatMap((one) =>
        served.flatMap((other) => (one === other ? [] : wrongRequests(host, one, other))),
      ),
  );
}

function appsByHost(apps: Apps): Map<string, Apps> {
  const found = new Map<string, Apps>();
  for (const entry of apps) {
    for (const { host } of hostsOf(entry[1])) {
      const served = found.get(host);
      if (served === undefined) found.set(host, [entry]);
      else served.push(entry);
    }
  }
  return found;
}

/** Returns an error for each kind of requests of an app that gets those of another app with a longer path on a host. */
function wrongRequests(
  host: string,
  [name, app]: Apps[number],
  [other, longer]: Apps[number],
): ConfigError[] {
  return app.canaryFor.flatMap((kind, index) => {
    const lost = app.paths.flatMap((path) =>
      longer.paths.filter(
        (it) =>
          path !== "/" &&
          it.startsWith(`${path}/`) &&
          pointsOf(app, path, kind) >= pointsOf(longer, it),
      ),
    )[0];
    if (lost === undefined) return [];
    const owner = keyOf("platform:apps", [other]);
    const what = `conditions to which the gateway does not give precedence over the longer path ${show(addressText(host, lost))} of ${owner}`;
    const next = "name fewer of them, lengthen that path, or serve the two apps on different hosts";
    const key = keyOf("platform:apps", [name, "canaryFor", index]);
    return [{ key, message: expected(what, countsOf(kind), next) }];
  });
}

function pointsOf(app: App, path: string, kind: RequestKind = {}): number {
  const { headers, parameters } = conditionsOf(kind);
  const longestHost = Math.max(...hostsOf(app).map(({ host }) => host.length));
  return (
    points.prefix +
    points.character * path.length +
    points.header * headers +
    points.parameter * parameters +
    longestHost
  );
}

/** A cookie is a condition for the header that has all of them. */
function conditionsOf({ headers = {}, cookie, query = {} }: RequestKind) {
  return {
    headers: Object.keys(headers).length + (cookie === undefined ? 0 : 1),
    parameters: Object.keys(query).length,
  };
}

function countsOf(kind: RequestKind): string {
  const { headers, parameters } = conditionsOf(kind);
  return `${headers} for headers and cookies, and ${parameters} for parameters`;
}

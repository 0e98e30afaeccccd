import type { CanaryRequests } from "../app/canary-requests";
import { addressText, hostsOf } from "../app/entrances";
import { expected, keyOf, show, type ConfigError } from "../errors";
import type { DeclaredApp } from "../app";
import type { Apps } from "./sections";

/** Settings of an app that decide which requests the gateway sends to it. */
export type RouteSettings = Pick<DeclaredApp, "domain" | "hosts" | "paths" | "canaryFor">;

/** Requests that an app gets although another app has a longer path for them. */
export interface LostRequests {
  /** Index in the app's `canaryFor`. */
  index: number;
  /** The number of their conditions, as errors say it. */
  conditions: string;
  /** The longer path, one of the other app's. */
  path: string;
}

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

/** Returns the apps that serve each host. */
export function appsByHost(apps: Apps): Map<string, Apps> {
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

function wrongRequests(
  host: string,
  [name, app]: Apps[number],
  [other, longer]: Apps[number],
): ConfigError[] {
  const owner = keyOf("platform:apps", [other]);
  return lostRequests(app, longer).map((lost) => ({
    key: keyOf("platform:apps", [name, "canaryFor", lost.index]),
    message: tooManyConditions(lost, host, owner),
  }));
}

/**
 * Returns the message for a kind of requests for a canary that gets those of an app with a longer path.
 * @param owner the app with the longer path.
 */
export function tooManyConditions(
  { conditions, path }: LostRequests,
  host: string,
  owner: string,
): string {
  const what = `fewer conditions, so that the longer path ${show(addressText(host, path))} of ${owner} takes precedence`;
  const next = "name fewer of them, lengthen that path, or serve the two apps on different hosts";
  return expected(what, conditions, next);
}

/** Returns each kind of requests for an app's canary that gets those of another app on a common host. */
export function lostRequests(app: RouteSettings, longer: RouteSettings): LostRequests[] {
  return app.canaryFor.flatMap((kind, index) => {
    const lost = app.paths.flatMap((path) =>
      longer.paths.filter(
        (it) =>
          path !== "/" &&
          it.startsWith(`${path}/`) &&
          pointsOf(app, path, kind) >= pointsOf(longer, it),
      ),
    )[0];
    return lost === undefined ? [] : [{ index, conditions: countsOf(kind), path: lost }];
  });
}

function pointsOf(app: RouteSettings, path: string, kind: RequestKind = {}): number {
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

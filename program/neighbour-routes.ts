import { addressText, hostsOf } from "../config/app/entrances";
import {
  appsByHost,
  lostRequests,
  tooManyConditions,
  type RouteSettings,
} from "../config/checks/route-precedence";
import type { Apps } from "../config/checks/sections";
import { keyOf, type ConfigError } from "../config";
import { expected, show } from "../config/errors";
import { whereOf, type OtherApp } from "./other-apps";
import { routeSettings } from "./other-settings";

/**
 * Returns an error for each app of a stack that would get requests for the longer path of another stack's app on a
 * common host, or that would lose its own.
 */
export function wrongRoutes(apps: Apps, others: OtherApp[]): ConfigError[] {
  const byHost = appsByHost(apps);
  return others
    .filter(({ words }) => words.some((word) => byHost.has(word)))
    .flatMap((other) => {
      const theirs = routeSettings(other.given);
      return hostsOf(theirs).flatMap(({ host }) =>
        (byHost.get(host) ?? []).flatMap((own) => between(own, theirs, host, whereOf(other))),
      );
    });
}

function between(
  [name, app]: Apps[number],
  theirs: RouteSettings,
  host: string,
  where: string,
): ConfigError[] {
  const key = (...path: (string | number)[]) => keyOf("platform:apps", [name, ...path]);
  const taken = lostRequests(app, theirs).map((lost) => ({
    key: key("canaryFor", lost.index),
    message: tooManyConditions(lost, host, where),
  }));
  const given = lostRequests(theirs, app).map(({ path, index, conditions }) => ({
    key: key("paths", app.paths.indexOf(path)),
    message: expected(
      `a path to which the gateway gives precedence over canaryFor[${index}] of ${where}, which has ${conditions}`,
      show(addressText(host, path)),
      "lengthen it, name fewer conditions there, or serve the two apps on different hosts",
    ),
  }));
  return [...taken, ...given];
}

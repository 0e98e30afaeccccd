import { appsBefore, isRollback, platformNameOf, readGroups } from "../../config/groups";
import { isMap } from "../../config/is-map";
import { askedOf, keysOf } from "../../program/asked";
import { appsOf, dependencyOf, platformStackOf, type StackEntry } from "./discover";

/**
 * Returns the stacks that each stack must come after: its platform stack, and those that declare apps of an
 * earlier wave of a release group.
 */
export function needsOf(entries: StackEntry[], project = "."): Map<StackEntry, StackEntry[]> {
  const platforms = new Map<string, StackEntry[]>();
  for (const entry of entries) {
    const platform = platformNameOf(entry.name, platformStackOf(entry));
    platforms.set(platform, [...(platforms.get(platform) ?? []), entry]);
  }
  const byStack = new Map<StackEntry, StackEntry[]>();
  for (const [platform, peers] of platforms) {
    const earlier = stacksBefore(platform, peers, project);
    for (const entry of peers) {
      const first = dependencyOf(entry, entries);
      const all = [...(first === undefined ? [] : [first]), ...earlier(entry)];
      byStack.set(entry, [...new Set(all)]);
    }
  }
  return byStack;
}

/** Returns the stacks of one platform that come before another one because of release groups. */
function stacksBefore(
  platform: string,
  peers: StackEntry[],
  project: string,
): (entry: StackEntry) => StackEntry[] {
  const { groups } = readGroups(platform, project);
  if (groups.length === 0) return () => [];
  const owners = new Map(peers.flatMap((entry) => appsOf(entry).map((app) => [app, entry])));
  const askedNow = (app: string) => {
    const apps = owners.get(app)?.config["platform:apps"];
    const given = isMap(apps) ? apps[app] : undefined;
    return isMap(given) ? keysOf(askedOf(given)) : undefined;
  };
  const directed = groups.map((group) => ({ group, back: isRollback(group, askedNow) }));
  return (entry) =>
    appsOf(entry)
      .flatMap((app) => directed.flatMap(({ group, back }) => appsBefore(group, app, back)))
      .map((app) => owners.get(app))
      .filter((other): other is StackEntry => other !== undefined && other !== entry);
}

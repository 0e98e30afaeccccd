import { ClusterReader } from "../../cluster/reader";
import { ProgramError } from "../../config";
import { lookup } from "../../config/lookup";
import { cluster, type ClusterConfig } from "../../config/stack";
import { notAsRecorded } from "../../program/live-differences";
import { liveApps, type LiveApp } from "../../program/wait/live-app";
import type { FleetApp } from "../fleet/apps";
import type { StackEntry } from "../stacks/discover";
import type { Drift } from "./state";

/** Apps of one cluster with different names. */
interface Group {
  config: ClusterConfig;
  apps: Map<string, FleetApp>;
}

/**
 * Compares the clusters with the records, and reads each namespace once. If a cluster does not answer, the
 * result contains a problem, and its apps count as not checked.
 */
export async function driftOf(
  apps: FleetApp[],
  entries: StackEntry[],
): Promise<{ drift: Map<FleetApp, string[]>; problems: string[] }> {
  const drift = new Map<FleetApp, string[]>();
  const problems = new Set<string>();
  for (const group of groupsOf(apps, entries)) {
    const live = await read(group, problems);
    if (live === undefined) continue;
    for (const [name, app] of group.apps) {
      if (app.record !== undefined)
        drift.set(app, notAsRecorded(app.record, lookup(live, name), name, app.entrance));
    }
  }
  return { drift, problems: [...problems] };
}

/** Drift of an app whose cluster was not checked. */
export const unchecked = (): Drift => undefined;

async function read(
  { config, apps }: Group,
  problems: Set<string>,
): Promise<Record<string, LiveApp> | undefined> {
  try {
    const reader = new ClusterReader(config);
    try {
      const namespaces = [...apps].map(([name, app]) => [name, app.namespace ?? ""]);
      return await liveApps(Object.fromEntries(namespaces) as Record<string, string>, reader);
    } finally {
      reader.close();
    }
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    problems.add(error.message.split("\n")[0] ?? "");
    return undefined;
  }
}

function groupsOf(apps: FleetApp[], entries: StackEntry[]): Group[] {
  const configs = new Map(entries.map(({ name, config }) => [name, config["platform:cluster"]]));
  const groups = new Map<string, Group[]>();
  for (const app of apps) {
    const parsed = cluster.safeParse(configs.get(app.stack));
    if (!parsed.success || app.namespace === undefined) continue;
    const key = JSON.stringify(parsed.data);
    const known = groups.get(key) ?? [];
    groups.set(key, known);
    let group = known.find((each) => !each.apps.has(app.app));
    if (group === undefined) known.push((group = { config: parsed.data, apps: new Map() }));
    group.apps.set(app.app, app);
  }
  return [...groups.values()].flat();
}

import { hasEngine } from "../cluster/engine";
import { ClusterReader } from "../cluster/reader";
import { namespaceOf, lookup, type NamespaceRules } from "../config";
import { outputsOf, ownName, resourceOutputsOf } from "./outputs";
import type { AppStack, ResolvedStack } from "./app-platform";
import { liveApps, type LiveApp } from "./wait/live-app";
import { entranceOf } from "./wait/recorded";
import { notAsRecorded } from "./live-differences";
import { newestRecords, type ComponentOutputs, type Records } from "./newest-records";
import { proofsOf, type Proofs } from "./proofs";
import { placedRecords, recordedNamespace, recordFrom } from "./records";
import { unfinishedMoves } from "./unfinished-moves";

/** What was recorded about a stack's apps, and what its cluster runs of them. */
export interface Known {
  records: Records;
  live: Record<string, LiveApp>;
  /** What the stacks that the policy requires prove. */
  proofs: Proofs;
  /** Namespaces of moves that are not complete, and that the config would not complete, by the app's name. */
  unfinished: Record<string, string>;
}

/** Reads what is known about a stack's apps before anything is decided. */
export async function knownOf(stack: ResolvedStack): Promise<Known> {
  const records = await lastReleases();
  const [live, resources] = await liveAndState(stack, records);
  const newest = withUnfinished(stack, records, live, resources);
  return {
    records: newest,
    live: withoutDone(stack, newest, live),
    proofs: await proofsOf(stack, newest, outputsOf, ownName()),
    unfinished: unfinishedMoves(stack, records, newest, resources),
  };
}

/** Returns what the stack's last successful update recorded about its releases; empty before the first. */
async function lastReleases(): Promise<Record<string, unknown>> {
  const { apps, releases = {} } = (await outputsOf(ownName())) as {
    apps?: Record<string, { namespace?: string }>;
    releases?: Record<string, unknown>;
  };
  return placedRecords(releases, apps);
}

/**
 * Returns what the cluster runs of the stack's apps, and the resources in the state. Both are empty if no app
 * was ever updated. They are read at the same time: the engine loads the state while the API server answers.
 */
async function liveAndState(
  stack: ResolvedStack,
  records: Records,
): Promise<[Record<string, LiveApp>, ComponentOutputs[]]> {
  // A run without an engine has no cluster either.
  if (!hasEngine()) return [{}, []];
  const reading = liveAppsIn(stack, records);
  if (Object.keys(records).length > 0) {
    return Promise.all([reading, resourceOutputsOf(ownName())]);
  }
  const live = await reading;
  return [live, Object.keys(live).length === 0 ? [] : await resourceOutputsOf(ownName())];
}

/**
 * Adds to the records those of a failed update that was complete for some apps, if the cluster differs from the
 * record of the last successful update.
 */
function withUnfinished(
  stack: AppStack,
  records: Records,
  live: Record<string, LiveApp>,
  resources: readonly ComponentOutputs[],
): Records {
  const differs = Object.entries(stack.apps).some(([name, app]) => {
    const record = lookup(records, name);
    const runs = lookup(live, name);
    if (record === undefined || runs === undefined) return runs !== undefined;
    // A failure of another app may have prevented the recording of a move.
    if (runs.former !== undefined) return true;
    return notAsRecorded(recordFrom(record, name), runs, name, entranceOf(app)).length > 0;
  });
  return differs ? newestRecords(records, resources) : records;
}

/** Removes the former namespaces of apps whose move is in the newest record. */
function withoutDone(
  stack: AppStack,
  records: Records,
  live: Record<string, LiveApp>,
): Record<string, LiveApp> {
  const moving = formerNamespaces(stack, records);
  return Object.fromEntries(
    Object.entries(live).map(([name, { former, ...runs }]) => [
      name,
      former === undefined || lookup(moving, name) === undefined ? runs : { ...runs, former },
    ]),
  );
}

/** Returns the recorded namespaces of apps whose config has another namespace. */
function formerNamespaces(
  stack: Pick<AppStack, "apps"> & NamespaceRules,
  records: Records,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stack.apps).flatMap(([name, { team }]) => {
      const former = recordedNamespace(lookup(records, name));
      return former === undefined || former === namespaceOf(team, stack)
        ? []
        : [[name, former] as const];
    }),
  );
}

/**
 * Reads what the cluster of a stack runs of its apps, in the namespaces that its platform stack declares.
 * @param records the records of the last update: for an app that moves, its former namespace is read as well. An app
 * that the config no longer has is read where its record says that it is.
 * @param openReader opens a reader of the cluster.
 * @throws ProgramError if the cluster does not answer or refuses.
 */
export async function liveAppsIn(
  stack: Pick<
    ResolvedStack,
    "apps" | "cluster" | "components" | "environment" | "branch" | "platform"
  >,
  records: Records = {},
  openReader = (): Pick<ClusterReader, "get" | "close"> => new ClusterReader(stack.cluster),
): Promise<Record<string, LiveApp>> {
  const apps = Object.entries(stack.apps);
  if (apps.length === 0) return {};
  const reader = openReader();
  try {
    const namespaces = apps.map(([name, { team }]) => [name, namespaceOf(team, stack)] as const);
    const departing = Object.entries(records).flatMap(([name, record]) => {
      const namespace = recordedNamespace(record);
      return namespace === undefined || lookup(stack.apps, name)
        ? []
        : [[name, namespace] as const];
    });
    const addresses = { ingresses: true };
    const live = await liveApps(
      Object.fromEntries([...namespaces, ...departing]),
      reader,
      addresses,
    );
    const former = await liveApps(formerNamespaces(stack, records), reader, addresses);
    const moving = Object.entries(former).map(([name, runs]): [string, LiveApp] => {
      return [name, { ...(lookup(live, name) ?? { services: {}, releases: {} }), former: runs }];
    });
    return { ...live, ...Object.fromEntries(moving) };
  } finally {
    reader.close();
  }
}

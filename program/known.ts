import { hasEngine } from "../cluster/engine";
import { ClusterReader } from "../cluster/reader";
import { namespaceOf, lookup, type NamespaceRules } from "../config";
import { outputsOf, ownName, resourceOutputsOf } from "./outputs";
import type { AppStack, ResolvedStack } from "./app-platform";
import { liveApps, type LiveApp } from "./wait/live-app";
import { newestRecords, type ComponentOutputs, type Records } from "./newest-records";
import { proofsOf, type Proofs } from "./proofs";
import { departingPlaces } from "./places";
import { placedRecords, recordedNamespace } from "./records";
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
export async function readKnown(stack: ResolvedStack): Promise<Known> {
  const records = await lastReleases();
  const [live, resources] = await liveAndState(stack, records);
  // A failed update has recorded the apps for which it was complete.
  const newest = newestRecords(records, resources);
  return {
    records: newest,
    live,
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
 * Returns what the cluster runs of the stack's apps, and the resources in the state. The state is not read for
 * a stack without apps. Both are read at the same time: the engine loads the state while the API server answers.
 */
async function liveAndState(
  stack: ResolvedStack,
  records: Records,
): Promise<[Record<string, LiveApp>, ComponentOutputs[]]> {
  // A run without an engine has no cluster either.
  if (!hasEngine()) return [{}, []];
  const hasApps = [stack.apps, records].some((all) => Object.keys(all).length > 0);
  // An app that a failed first update has deployed, and that the config no longer has, is only in the state.
  const reading = hasApps ? resourceOutputsOf(ownName()) : [];
  return Promise.all([liveAppsIn(stack, records, reading), reading]);
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

/** Addresses decide which app takes over requests of another one. */
const withAddresses = { ingresses: true };

/**
 * Reads what the cluster of a stack runs of its apps, in the namespaces that its platform stack declares.
 * @param records the records of the last update: for an app that moves, its former namespace is read as well. An app
 * that the config no longer has is read where its record says that it is, and where it has objects in the state.
 * @param resources the resources in the state.
 * @param openReader opens a reader of the cluster.
 * @throws ProgramError if the cluster does not answer or refuses.
 */
export async function liveAppsIn(
  stack: Pick<
    ResolvedStack,
    "apps" | "cluster" | "components" | "environment" | "branch" | "platform"
  >,
  records: Records = {},
  resources: readonly ComponentOutputs[] | Promise<readonly ComponentOutputs[]> = [],
  openReader = (): Pick<ClusterReader, "get" | "close"> => new ClusterReader(stack.cluster),
): Promise<Record<string, LiveApp>> {
  const apps = Object.entries(stack.apps);
  if (apps.length === 0) return {};
  const reader = openReader();
  try {
    const namespaces = apps.map(([name, { team }]) => [name, namespaceOf(team, stack)] as const);
    const live = await liveApps(Object.fromEntries(namespaces), reader, withAddresses);
    const state = await resources;
    const newest = newestRecords(records, state);
    const former = await liveApps(formerNamespaces(stack, newest), reader, withAddresses);
    const moving = Object.entries(former).flatMap(([name, runs]): [string, LiveApp][] => {
      const there = lookup(live, name) ?? { services: {}, releases: {} };
      // The end of a move deletes the former route first. If it was interrupted after that, the new one serves.
      const isServedThere = runs.addresses === undefined && there.addresses !== undefined;
      return isServedThere ? [] : [[name, { ...there, former: runs }]];
    });
    const departing = await departingApps(departingPlaces(stack, newest, state), reader);
    return { ...live, ...Object.fromEntries(moving), ...departing };
  } finally {
    reader.close();
  }
}

/**
 * Reads what a cluster runs of apps that the config no longer has. An app that has objects in several namespaces counts
 * where requests reach it.
 */
async function departingApps(
  places: Record<string, string[]>,
  reader: Pick<ClusterReader, "get">,
): Promise<Record<string, LiveApp>> {
  const found: Record<string, LiveApp> = {};
  const most = Math.max(0, ...Object.values(places).map(({ length }) => length));
  for (let index = 0; index < most; index += 1) {
    const namespaces = Object.entries(places).flatMap(([name, { [index]: place }]) =>
      place === undefined ? [] : [[name, place] as const],
    );
    const runs = await liveApps(Object.fromEntries(namespaces), reader, withAddresses);
    for (const [name, live] of Object.entries(runs)) {
      if (lookup(found, name)?.addresses === undefined) found[name] = live;
    }
  }
  return found;
}

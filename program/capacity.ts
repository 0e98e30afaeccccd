import type { AppConfig } from "../config";
import { isWorker, workerReplicas } from "../config/app/kinds";
import { workerSplit } from "../releases/worker-pods";
import { liveSplit, serving, type LiveApp } from "./wait/live-app";
import type { AppRecord, Plan, PlannedRelease } from "../releases";
import {
  orderOf,
  sharesOf,
  splitOf,
  usualOrder,
  type MoveOrder,
  type Split,
} from "../releases/shares";
import { releaseName } from "../releases";

/**
 * Seconds for which a release keeps the pods that it was raised to. The numbers by which an autoscaler
 * decides are one to two minutes old, and right after a switch they still describe the time before it.
 */
export const holdSeconds = 300;

/** The pods of one release, now and after the update. */
export interface ReleasePods {
  /** Ready now; nothing where the cluster was not asked, or does not run it yet. */
  ready?: number;
  /** Share of the requests before and after, percent. */
  had: number;
  asked: number;
  /** Pods that its share after the update takes, by what serves now; it may be more than `max`. */
  wanted: number;
  /** Pods that must be ready before its share rises; 0 where it does not rise. */
  needed: number;
  /** The least that its autoscaler keeps after the update. */
  floor: number;
  /** Pods of a worker after the update, and whether these must be available before another release loses some. */
  worker?: { replicas: number; precedes: boolean };
}

/** In which order an update moves requests, and with how many pods. */
export interface Capacity {
  order: MoveOrder;
  /** Percent by which a release gets more than it had and than is asked, for a moment; mostly 0. */
  excess: number;
  /** By the name of the release's objects. */
  releases: Record<string, ReleasePods>;
  /** Whether shares move, or anything else that the last update did not record. */
  moves: boolean;
}

/** What decides about an app's pods. */
export interface CapacityArgs {
  app: string;
  plan: Plan;
  /** What the last update recorded; undefined before the first. */
  record: AppRecord | undefined;
  /** What the cluster runs; nothing where it was not asked or runs nothing of the app. */
  live: LiveApp | undefined;
  scaling: Pick<AppConfig["scaling"], "min" | "max" | "rest" | "replicas">;
  /** A web app without it. */
  kind?: AppConfig["kind"];
  now: Date;
}

/** Decides in which order an update moves an app's requests, and which pods must be ready before. */
export function capacityOf(args: CapacityArgs): Capacity {
  if (isWorker(args)) return workerCapacity(args);
  const { plan } = args;
  const live = serving(args.live);
  const to = plannedSplit(plan);
  const from = live === undefined ? recordedSplit(args) : liveSplit(live);
  const { order, excess } =
    from === undefined ? { order: usualOrder, excess: 0 } : orderOf(from, to);
  const settled = plan.steps.every(({ kind }) => kind === "nothing");
  const moves = !settled || (from !== undefined && !sameSplit(from, to));
  const releases = plan.releases.map(
    (release) => [release.name, podsOf(release, from, moves, args)] as const,
  );
  return { order, excess, releases: Object.fromEntries(releases), moves };
}

/** Pods of each release of a worker after an update, by the name of its objects; former ones have none. */
export function workerPodsOf(
  { releases, weights }: Plan,
  app: Parameters<typeof workerReplicas>[0],
): Record<string, number> {
  const split = workerSplit(workerReplicas(app), weights.canary);
  return Object.fromEntries(
    releases.map(({ name, role }) => [name, role === "retained" ? 0 : split[role]]),
  );
}

/** The pods of a worker, whose number is fixed by its share. */
function workerCapacity({ plan, record, live, scaling }: CapacityArgs): Capacity {
  const replicasOf = workerPodsOf(plan, { scaling });
  const had = new Map(
    record && [
      [record.stable, 100 - (record.canary?.weight ?? 0)],
      ...(record.canary ? [[record.canary.key, record.canary.weight] as const] : []),
    ],
  );
  const liveReleases = Object.entries(live?.releases ?? {});
  const anyFalls = liveReleases.some(
    ([name, { replicas = 0 }]) => replicas > (replicasOf[name] ?? 0),
  );
  const releases = plan.releases.map(({ key, name, weight: asked }) => {
    const replicas = replicasOf[name] ?? 0;
    const now = live?.releases[name];
    const before = now?.replicas ?? 0;
    // A number of pods that was asked for before is no number of pods that are available.
    const precedes = replicas > before || (anyFalls && replicas > 0 && replicas === before);
    const needed = precedes ? replicas : 0;
    const share = { had: had.get(key) ?? 0, asked };
    const pods = { ready: now?.ready, wanted: replicas, needed, floor: replicas };
    return [name, { ...share, ...pods, worker: { replicas, precedes } }] as const;
  });
  const moves = plan.steps.some(({ kind }) => kind !== "nothing");
  return { order: usualOrder, excess: 0, releases: Object.fromEntries(releases), moves };
}

/** Who gets which share after an update. */
export function plannedSplit({ services, weights }: Plan): Split {
  return { ...services, weight: services.canary === services.stable ? 0 : weights.canary };
}

function recordedSplit({ app, record }: CapacityArgs): Split | undefined {
  if (record === undefined) return undefined;
  const { stable, canary } = record;
  const name = (key: string) => releaseName(app, key);
  return splitOf(name(stable), canary && name(canary.key), canary?.weight);
}

function sameSplit(a: Split, b: Split): boolean {
  return JSON.stringify([...sharesOf(a)]) === JSON.stringify([...sharesOf(b)]);
}

function podsOf(
  { name, role, weight: asked }: PlannedRelease,
  from: Split | undefined,
  moves: boolean,
  args: CapacityArgs,
): ReleasePods {
  const { scaling } = args;
  const { min, max } = scaling;
  const live = serving(args.live);
  const share = (from && sharesOf(from).get(name)) ?? 0;
  // The pods of the former namespace serve nothing in the new one.
  const had = args.plan.move === undefined ? share : 0;
  const wanted = from === undefined || live === undefined ? 0 : wantedPods(from, live, asked);
  // Before the first request there is nothing to lose.
  const gains = from !== undefined && live !== undefined && asked > had;
  const needed = gains ? Math.min(max, Math.max(min, wanted)) : 0;
  const resting = role === "retained" && asked === 0 ? (scaling.rest ?? min) : min;
  const held = moves || recentlyChanged(args) ? (live?.releases[name]?.floor ?? 0) : 0;
  return {
    ready: args.live?.releases[name]?.ready,
    had,
    asked,
    wanted,
    needed,
    floor: Math.min(max, Math.max(resting, needed, held)),
  };
}

/**
 * Pods for a share, if the release that now has the most requests has the right number for its own.
 * Small shares are no measure: they are served by the fewest pods that a release may have.
 */
function wantedPods(from: Split, { releases }: LiveApp, asked: number): number {
  const serving = [...sharesOf(from)].map(([name, share]) => ({
    share,
    ready: releases[name]?.ready ?? 0,
  }));
  const largest = serving.reduce((most, each) =>
    each.share > most.share || (each.share === most.share && each.ready > most.ready) ? each : most,
  );
  return Math.ceil((largest.ready * asked) / largest.share);
}

function recentlyChanged({ record, now }: CapacityArgs): boolean {
  return record !== undefined && now.getTime() - Date.parse(record.changedAt) < holdSeconds * 1000;
}

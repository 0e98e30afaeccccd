import type { AppConfig } from "../config";
import { isWorker } from "../config/app/kinds";
import { liveSplit, servingApp, type LiveApp, type LiveReleasePods } from "./wait/live-app";
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
import { workerNumbersOf, type WorkerNumber, type WorkerScaling } from "./worker-pods";

/**
 * How long a release keeps an increased minimum of pods, seconds. The numbers that an autoscaler uses are one
 * to two minutes old, so right after a change they still describe the time before it.
 */
export const holdSeconds = 300;

/** The pods of one release, now and after the update. */
export interface ReleasePods {
  /** Number of ready pods; undefined if the cluster was not read, or does not run the release yet. */
  ready?: number;
  /** Share of the requests before and after, percent. */
  had: number;
  asked: number;
  /**
   * Number of pods that its share after the update needs, according to the pods that serve now. It can exceed
   * `max`.
   */
  wanted: number;
  /** Number of pods that must be ready before its share rises; 0 if it does not rise. */
  needed: number;
  /**
   * Number of pods that its rising share needs according to the pods that are requested for the requests now,
   * ready or not; 0 if it does not rise. They are started, but not waited for. Undefined for a worker.
   */
  requested?: number;
  /** Minimum of its autoscaler after the update. */
  floor: number;
  /**
   * Pods of a worker after the update, and whether they must be available before another release loses some.
   */
  worker?: WorkerNumber & { precedes: boolean };
}

/** The order in which an update moves requests, and the numbers of pods. */
export interface Capacity {
  order: MoveOrder;
  /** Percentage by which a release temporarily gets more than its former and its requested share; usually 0. */
  excess: number;
  /** By the name of the release's objects. */
  releases: Record<string, ReleasePods>;
  /** Whether shares change, or anything else that the last update did not record. */
  moves: boolean;
}

/** The values that determine an app's pods. */
export interface CapacityArgs {
  app: string;
  plan: Plan;
  /** The record of the last update; undefined before the first. */
  record: AppRecord | undefined;
  /** What the cluster runs; undefined if it was not read or runs nothing of the app. */
  live: LiveApp | undefined;
  scaling: WorkerScaling & Pick<AppConfig["scaling"], "rest">;
  /** Default: a web app. */
  kind?: AppConfig["kind"];
  /** Pods of other apps that serve the addresses that it takes over from them in this update. Default: none. */
  taken?: number;
  now: Date;
}

/** Determines in which order an update moves an app's requests, and which pods must be ready first. */
export function capacityOf(args: CapacityArgs): Capacity {
  if (isWorker(args)) return workerCapacity(args);
  const { plan } = args;
  const live = servingApp(args.live);
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

/** Returns the capacity of a worker, whose numbers of pods follow from the shares. */
function workerCapacity(args: CapacityArgs): Capacity {
  const { plan, record, live, scaling } = args;
  const numbers = workerNumbersOf(plan, { scaling }, live, recentlyChanged(args));
  const had = new Map(
    record && [
      [record.stable, 100 - (record.canary?.weight ?? 0)],
      ...(record.canary ? [[record.canary.key, record.canary.weight] as const] : []),
    ],
  );
  const liveReleases = Object.entries(live?.releases ?? {});
  // Only KEDA takes pods away from a release that it scales.
  const anyFalls = liveReleases.some(
    ([name, { replicas = 0 }]) =>
      numbers[name]?.autoscaler !== "scaling" && replicas > (numbers[name]?.replicas ?? 0),
  );
  const releases = plan.releases.map(({ key, name, weight: asked }) => {
    const number = numbers[name] ?? { replicas: 0 };
    const { replicas, autoscaler } = number;
    const now = live?.releases[name];
    const before = now?.replicas ?? 0;
    // The requested number of pods is not the number of available pods.
    const stays = autoscaler === "scaling" ? replicas <= before : replicas === before;
    const precedes = replicas > before || (anyFalls && replicas > 0 && stays);
    const needed = precedes ? replicas : 0;
    const share = { had: had.get(key) ?? 0, asked };
    const pods = { ready: now?.ready, wanted: replicas, needed, floor: replicas };
    return [name, { ...share, ...pods, worker: { ...number, precedes } }] as const;
  });
  const moves = plan.steps.some(({ kind }) => kind !== "nothing");
  return { order: usualOrder, excess: 0, releases: Object.fromEntries(releases), moves };
}

/** Returns the pods of each release of a worker after an update, by the name of its objects. */
export function workerPodsIn({ releases }: Capacity): Record<string, number> {
  return Object.fromEntries(
    Object.entries(releases).flatMap(([name, { worker }]) =>
      worker === undefined ? [] : [[name, worker.replicas] as const],
    ),
  );
}

/** Returns which release gets which share after an update. */
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
  const { scaling, taken = 0 } = args;
  const { min, max } = scaling;
  const live = servingApp(args.live);
  const share = (from && sharesOf(from).get(name)) ?? 0;
  // Pods in the former namespace serve nothing in the new one.
  const had = args.plan.move === undefined ? share : 0;
  const wantedBy = (count: (pods: LiveReleasePods) => number) =>
    Math.ceil((taken * asked) / 100) +
    (from === undefined || live === undefined ? 0 : wantedPods(from, live, asked, count));
  const wanted = wantedBy(({ ready }) => ready);
  // Before the first request there is nothing to lose, unless another app has got it.
  const isServed = from !== undefined && live !== undefined;
  const gains = (isServed && asked > had) || (taken > 0 && asked > 0);
  const needed = gains ? Math.min(max, Math.max(min, wanted)) : 0;
  // Requests move when as many pods are ready as serve now. If those are fewer than requested, because the release
  // does not work, more are started at the same time.
  const requested = gains ? wantedBy(({ ready, replicas = 0 }) => Math.max(ready, replicas)) : 0;
  const resting = role === "retained" && asked === 0 ? (scaling.rest ?? min) : min;
  const held = moves || recentlyChanged(args) ? (live?.releases[name]?.floor ?? 0) : 0;
  return {
    ready: args.live?.releases[name]?.ready,
    had,
    asked,
    wanted,
    needed,
    requested,
    floor: Math.min(max, Math.max(resting, needed, requested, held)),
  };
}

/**
 * Returns the pods for a share, assuming that the release with the most requests now has the right number of
 * pods. Small shares are no basis, because a release with a small share has its minimum number of pods.
 * @param count which pods of a release count.
 */
function wantedPods(
  from: Split,
  { releases }: LiveApp,
  asked: number,
  count: (pods: LiveReleasePods) => number,
): number {
  const serving = [...sharesOf(from)].map(([name, share]) => {
    const pods = releases[name];
    return { share, pods: pods === undefined ? 0 : count(pods) };
  });
  const largest = serving.reduce((most, each) =>
    each.share > most.share || (each.share === most.share && each.pods > most.pods) ? each : most,
  );
  return Math.ceil((largest.pods * asked) / largest.share);
}

function recentlyChanged({ record, now }: CapacityArgs): boolean {
  return record !== undefined && now.getTime() - Date.parse(record.changedAt) < holdSeconds * 1000;
}

import type { Capacity, ReleasePods } from "./capacity";
import { isAutoscaled } from "../config/app/kinds";
import type { Plan } from "../releases";
import type { WorkerNumber, WorkerScaling } from "./worker-pods";

/** A sentence about an update's pods, for reviewers. */
export interface PodSentence {
  /** `danger`: fewer pods than the requests need, or a larger share than requested. */
  kind: "notice" | "danger";
  text: string;
}

/** Returns what an update does to the numbers of pods, and its dangers, a sentence each. */
export function podSentences(
  { releases: planned, now }: Plan,
  { excess, releases }: Capacity,
  scaling: WorkerScaling,
): PodSentence[] {
  const { min, max } = scaling;
  const workers = planned.flatMap(({ key, name }) => {
    const pods = releases[name];
    return pods?.worker === undefined ? [] : [{ ...pods, key, worker: pods.worker }];
  });
  if (workers.length > 0) {
    return [...workerSentences(workers, now), ...(isAutoscaled({ scaling }) ? fixed(workers) : [])];
  }
  const each = planned.flatMap(({ key, name }) => {
    const pods = releases[name];
    return pods === undefined ? [] : sentencesOf(key, pods, { min, max, now });
  });
  if (excess === 0) return each;
  const text = `for a moment, a release gets ${excess}% more than both its former and its requested share, because no order of the changes avoids it`;
  return [...each, { kind: "danger", text }];
}

/**
 * Returns what happens to a worker's pods, if some release must have its pods before another one loses some.
 */
function workerSentences(
  all: {
    key: string;
    asked: number;
    ready?: number;
    worker: { replicas: number; precedes: boolean };
  }[],
  now: boolean,
): PodSentence[] {
  const together = all.reduce((sum, { worker }) => sum + worker.replicas, 0);
  const isIdle = all.every(({ ready = 0, worker }) => worker.replicas === 0 || ready === 0);
  const risk = isIdle
    ? "none of them is available, and now: true does not wait: no pod works until they start"
    : "now: true does not wait for them";
  return all.flatMap(({ key, asked, ready = 0, worker: { replicas, precedes } }): PodSentence[] => {
    if (!precedes) return [];
    const state = `${key} has ${replicas} of ${together} pods, for ${asked}% of them`;
    if (ready >= replicas) return [{ kind: "notice", text: state }];
    return now
      ? [{ kind: "danger", text: `${state}; ${risk}` }]
      : [
          {
            kind: "notice",
            text: `${state}; other releases keep theirs until these are available`,
          },
        ];
  });
}

/** Returns which releases keep a fixed number of pods, although the worker now has an autoscaler. */
function fixed(all: { key: string; worker: WorkerNumber }[]): PodSentence[] {
  return all
    .filter(({ worker }) => worker.autoscaler === undefined && worker.replicas > 0)
    .map(({ key, worker: { replicas } }) => ({
      kind: "notice",
      text: `${key} was started with a fixed number of pods, and keeps ${replicas}; the next release is scaled`,
    }));
}

function sentencesOf(
  key: string,
  { ready = 0, asked, wanted, needed, requested = 0, floor }: ReleasePods,
  { min, max, now }: { min: number; max: number; now: boolean },
): PodSentence[] {
  if (needed === 0) {
    return floor > min
      ? [{ kind: "notice", text: `${key} keeps at least ${floor} pods until the next update` }]
      : [];
  }
  const few: PodSentence[] =
    wanted > max
      ? [
          {
            kind: "danger",
            text: `${key} would need ${wanted} pods for ${asked}% of the requests, according to the pods that serve now, and scaling.max allows ${max}`,
          },
        ]
      : [];
  const started = Math.min(max, requested);
  if (started > needed) {
    const text = `${key} starts ${started} pods: the releases that serve ${asked}% of the requests now have requested as many, but fewer are ready`;
    few.push({ kind: "notice", text });
  }
  if (ready >= needed) return few;
  const state = `${key} has ${ready} of the ${needed} ready pods that ${asked}% of the requests need`;
  return now
    ? [...few, { kind: "danger", text: `${state}; now: true does not wait for the others` }]
    : [...few, { kind: "notice", text: `${state}; requests wait until they are ready` }];
}

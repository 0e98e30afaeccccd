import type { AppConfig } from "../config";
import { isAutoscaled, workerReplicas } from "../config/app/kinds";
import type { Plan } from "../releases";
import { workerSplit, type WorkerSplit } from "../releases/worker-pods";
import type { LiveApp } from "./wait/live-app";

export { pausedReplicas } from "../components/app/annotations";

/** The number of pods of a worker's release. */
export interface WorkerNumber {
  replicas: number;
  /**
   * Who sets the number. `scaling`: KEDA, and `replicas` is its minimum. `paused`: KEDA, which keeps exactly `replicas`.
   * Default: the Deployment has it.
   */
  autoscaler?: "scaling" | "paused";
}

/** The part of an app's scaling that the numbers of a worker's pods follow from. */
export type WorkerScaling = Pick<AppConfig["scaling"], "min" | "max"> &
  Partial<Pick<AppConfig["scaling"], "replicas" | "queries" | "times">>;

/** Numbers of pods by the name of a release's objects. */
export type WorkerNumbers = Record<string, WorkerNumber>;

/**
 * Returns the pods of each release of a worker after an update. Former releases have none.
 * @param live what the cluster runs of the worker. Default: nothing yet.
 * @param isHeld whether an autoscaler keeps its minimum, because the last update has changed something just now.
 */
export function workerNumbersOf(
  plan: Plan,
  app: { scaling: WorkerScaling },
  live?: LiveApp,
  isHeld = false,
): WorkerNumbers {
  const { weights } = plan;
  const scales = isAutoscaled(app);
  const split = scales
    ? scaledSplit(plan, app, live, isHeld)
    : workerSplit(workerReplicas(app), weights.canary);
  return Object.fromEntries(
    plan.releases.map(({ name, role }) => {
      const replicas = role === "retained" ? 0 : split[role];
      if (!scales || hasNumber(live, name)) return [name, { replicas }];
      const works = role === "stable" ? weights.canary < 100 : weights.canary === 100;
      const leads = role !== "retained" && works;
      return [name, { replicas, autoscaler: leads ? "scaling" : "paused" }];
    }),
  );
}

/** Returns only the numbers of {@link workerNumbersOf}. */
export function replicasOf(numbers: WorkerNumbers): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).map(([name, it]) => [name, it.replicas]));
}

/**
 * Whether the Deployment of a live release has the number of its pods. Without it, the API server would set it to 1, so
 * such a release keeps it, and its successor gets an autoscaler.
 */
function hasNumber(live: LiveApp | undefined, name: string): boolean {
  const { replicas = 0, worker } = live?.releases[name] ?? {};
  return worker !== undefined && worker.autoscaler === undefined && replicas > 0;
}

/**
 * Returns how the pods that work now are divided. The number changes with the load, and a canary's does not: it and
 * stable's minimum are set when a share or a role changes, so that the canary's share never exceeds what was asked.
 */
function scaledSplit(
  plan: Plan,
  { scaling: { min, max } }: { scaling: WorkerScaling },
  live: LiveApp | undefined,
  isHeld: boolean,
): WorkerSplit {
  const weight = plan.weights.canary;
  const within = (pods: number) => Math.min(max, Math.max(min, pods));
  const from = live?.former ?? live;
  if (from !== undefined && live?.former === undefined && isSettled(plan, from)) {
    const set = (name: string) => from.releases[name]?.worker?.replicas ?? 0;
    const [stable, canary] = [set(plan.services.stable), set(plan.services.canary)];
    const fixed = hasNumber(from, plan.services.stable);
    if (weight > 0 && weight < 100) {
      if (within(stable + canary) === stable + canary) return { stable, canary };
    } else {
      const least = within(isHeld || fixed ? (weight === 0 ? stable : canary) : min);
      return weight === 0 ? { stable: least, canary: 0 } : { stable: 0, canary: least };
    }
  }
  return workerSplit(within(workingPods(from)), weight);
}

/** Whether the live releases have the roles and the shares of a plan. */
function isSettled({ services, weights }: Plan, live: LiveApp): boolean {
  return (
    live.services.stable?.name === services.stable &&
    live.services.canary?.name === services.canary &&
    (live.weight ?? 0) === weights.canary
  );
}

function workingPods(live: LiveApp | undefined): number {
  const works = Object.values(live?.releases ?? {}).filter(
    ({ worker }) => worker !== undefined && worker.role !== "retained",
  );
  return works.reduce((sum, { ready }) => sum + ready, 0);
}

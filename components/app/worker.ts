import type { ReleaseTemplate } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { kindLabel, releaseAnnotation, workerAnnotations } from "./annotations";

/** The pods of a worker's release, and its role. */
export interface WorkerPods {
  /** A former release that waits for a rollback is `retained`. It has no pods. */
  role: "stable" | "canary" | "retained";
  /** Share of the pods, percent. */
  weight: number;
  /** Number of its pods; with `autoscaler: "scaling"` the minimum. */
  replicas: number;
  /**
   * Whether KEDA scales the pods by the worker's queries, or is paused at `replicas`. Default: the Deployment sets the
   * number.
   */
  autoscaler?: "scaling" | "paused";
  /** Whether others lose pods only after all of its pods are available. */
  precedes: boolean;
}

/** How long a pod without a readiness probe must run before it counts, seconds. */
export const settledSeconds = 10;

/** Returns the label of a worker's pods; none for a web app. */
export function kindLabels(template: ReleaseTemplate): Record<string, string> {
  return isWorker(template) ? { [kindLabel]: "worker" } : {};
}

/**
 * Returns the annotations of a worker's Deployment, the only place that states which release has which role.
 */
export function roleAnnotations(
  key: string,
  { role, weight, replicas, autoscaler }: WorkerPods,
): Record<string, string> {
  return {
    [releaseAnnotation]: key,
    [workerAnnotations.role]: role,
    [workerAnnotations.weight]: String(weight),
    ...(autoscaler === undefined && { [workerAnnotations.replicas]: String(replicas) }),
    // Otherwise, no update could change the number of pods after a "kubectl scale".
    "pulumi.com/patchForce": "true",
  };
}

/** Returns how long a pod must run: a process that exits immediately is not a running worker. */
export function minimumRunTime({ probes }: ReleaseTemplate): { minReadySeconds?: number } {
  return probes?.readiness === undefined ? { minReadySeconds: settledSeconds } : {};
}

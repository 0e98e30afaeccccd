import type { ReleaseTemplate } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { kindLabel, releaseAnnotation, workerAnnotations } from "./annotations";

/** The pods of a worker's release, and what it is for. */
export interface WorkerPods {
  /** A former release that waits for a rollback is retained; it has no pods. */
  role: "stable" | "canary" | "retained";
  /** Share of the pods, percent. */
  weight: number;
  /** Number of its pods. */
  replicas: number;
  /** Whether others lose pods only once all of its pods are available. */
  precedes: boolean;
}

/** Seconds for which a pod without a readiness probe must have run before it counts. */
export const settledSeconds = 10;

/** Label of the pods of a worker; none for a web app. */
export function kindLabels(template: ReleaseTemplate): Record<string, string> {
  return isWorker(template) ? { [kindLabel]: "worker" } : {};
}

/** Annotations of a worker's Deployment: it alone says which release has which role. */
export function roleAnnotations(
  key: string,
  { role, weight, replicas }: WorkerPods,
): Record<string, string> {
  return {
    [releaseAnnotation]: key,
    [workerAnnotations.role]: role,
    [workerAnnotations.weight]: String(weight),
    [workerAnnotations.replicas]: String(replicas),
    // After a "kubectl scale", no update could change the number of pods otherwise.
    "pulumi.com/patchForce": "true",
  };
}

/** How long a pod must have run: a process that ends at once is no running worker. */
export function settling({ probes }: ReleaseTemplate): { minReadySeconds?: number } {
  return probes?.readiness === undefined ? { minReadySeconds: settledSeconds } : {};
}

import {
  pausedReplicas,
  releaseAnnotation,
  workerAnnotations,
} from "../../components/app/annotations";
import type { ReleaseKey } from "../../releases";

/** What the last update set for a worker's release, from its Deployment and its ScaledObject. */
export interface LiveWorker {
  /** Key of the release. */
  key: ReleaseKey;
  role: string;
  /** Share of the pods, percent. */
  weight: number;
  /** Number of its pods; with `autoscaler: "scaling"` the minimum. */
  replicas: number;
  /** Who sets the number: KEDA, or KEDA that is paused at the number. Default: the Deployment has it. */
  autoscaler?: "scaling" | "paused";
}

interface Annotated {
  metadata: { annotations?: Record<string, string> };
}

/** Returns what the last update set for a worker's release; undefined for a web app. */
export function liveWorker(
  { metadata: { annotations = {} } }: Annotated,
  scaledObject?: Annotated & { spec?: { minReplicaCount?: number } },
): LiveWorker | undefined {
  const { [releaseAnnotation]: key, [workerAnnotations.role]: role } = annotations;
  if (key === undefined || role === undefined) return undefined;
  const weight = Number(annotations[workerAnnotations.weight] ?? 0);
  const set = annotations[workerAnnotations.replicas];
  if (set !== undefined) return { key, role, weight, replicas: Number(set) };
  const paused = scaledObject?.metadata.annotations?.[pausedReplicas];
  if (paused !== undefined) {
    return { key, role, weight, replicas: Number(paused), autoscaler: "paused" };
  }
  const replicas = scaledObject?.spec?.minReplicaCount ?? 0;
  return { key, role, weight, replicas, autoscaler: "scaling" };
}

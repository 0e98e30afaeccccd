/**
 * Annotation of a role's Service, a worker's Deployment and a migration's Job: key of the release, for example
 * `1.5.0-r2`.
 */
export const releaseAnnotation = "platform/release";

/** Annotations of a worker's Deployment, as the last update set them. */
export const workerAnnotations = {
  /** `stable`, `canary` or `retained`. */
  role: "platform/role",
  /** Share of the pods, percent. */
  weight: "platform/weight",
  /** Number of its pods. A release that KEDA scales has none. */
  replicas: "platform/replicas",
} as const;

/** Annotation of a ScaledObject with which KEDA keeps exactly this number of pods, and has no autoscaler. */
export const pausedReplicas = "autoscaling.keda.sh/paused-replicas";

/** Label of a worker's pods, which the network policies of namespaces do not select. */
export const kindLabel = "platform/kind";

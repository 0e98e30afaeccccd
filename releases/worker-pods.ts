/** Pods of a worker's stable release and of its canary. */
export interface WorkerSplit {
  stable: number;
  canary: number;
}

/**
 * The pods of a worker by the canary's share: that share of all pods, rounded up, and the rest for
 * stable. As long as both have a share, both have a pod, so that a worker of one pod has two meanwhile.
 * @param replicas pods of all releases together, at least 1.
 * @param weight share of the canary, percent.
 */
export function workerSplit(replicas: number, weight: number): WorkerSplit {
  const canary = Math.ceil((replicas * weight) / 100);
  return { canary, stable: weight === 100 ? 0 : Math.max(1, replicas - canary) };
}

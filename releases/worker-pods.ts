/** Pods of a worker's stable release and of its canary. */
export interface WorkerSplit {
  stable: number;
  canary: number;
}

/**
 * Returns the pods of a worker for a share of the canary: that share of all pods, rounded up, for the canary,
 * and the rest for stable. While both have a share, both have at least one pod, so a worker with one pod
 * temporarily has two.
 * @param replicas pods of all releases together, at least 1.
 * @param weight share of the canary, percent.
 */
export function workerSplit(replicas: number, weight: number): WorkerSplit {
  const canary = Math.ceil((replicas * weight) / 100);
  return { canary, stable: weight === 100 ? 0 : Math.max(1, replicas - canary) };
}

/** What an update writes about an app into the outputs. Older programs write less. */
export interface AppOutput {
  namespace?: string;
  /**
   * Minimum number of pods of a release and of a former release, from the config; for a worker with a fixed
   * number, that of all pods.
   */
  scaling?: { min?: number; rest?: number; replicas?: number };
}

/** What an update tells of an app; one of an older program tells less. */
export interface AppOutput {
  namespace?: string;
  /** The fewest pods of a release, and of a former one, by its config; all pods of a worker. */
  scaling?: { min?: number; rest?: number; replicas?: number };
}

/** A way to release an app, which is compared with the others. */
export interface Contender {
  name: string;
  /** Name of the app; its host is derived from it. */
  app: string;
  /** Resource in the API and name of the object with the weights. */
  route: { path: string; name: string };
  /** How requests are divided, for the report. */
  routing: string;
  /** Starts its controller, if it has one, and creates the app with a version that gets all requests. */
  start(version: string): Promise<void>;
  /** Releases a version by steps with checks; returns when the system itself calls the release finished. */
  release(version: string): Promise<void>;
  /** Goes back to the version before, as fast as the system allows. */
  rollback(version: string): Promise<void>;
  /** Peak memory of what it ran so far, MiB. */
  memory(): Memory;
  /** Stops its controller. */
  stop(): Promise<void>;
}

/** Peak memory, MiB. */
export interface Memory {
  /** Resident in the cluster all the time. */
  controller: number;
  /** During a command of the release's pipeline. */
  command: number;
}

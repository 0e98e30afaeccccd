import type { Api } from "../api";
import type { KubernetesObject, ObjectName } from "../objects";
import type { PropertyMap } from "../../shared/values";

/** An object that exists, and has not become what it should within its time. */
export class NotReady extends Error {
  constructor(
    readonly live: KubernetesObject,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** What a wait needs. */
export interface Wait {
  api: Api;
  name: ObjectName;
  inputs: PropertyMap;
  /** Seconds; 0 for the default. */
  timeout: number;
  /** Ends the wait when the update is cancelled. */
  stopped: AbortSignal;
  /** Tells the user how it goes. */
  progress: (message: string) => void;
}

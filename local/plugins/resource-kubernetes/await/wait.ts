import type { Api } from "../api";
import type { KubernetesObject, ObjectName } from "../objects";
import type { PropertyMap } from "../../shared/values";

/** An object that exists, but is not ready in time. */
export class NotReady extends Error {
  constructor(
    readonly live: KubernetesObject,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** Arguments of a wait. */
export interface Wait {
  api: Api;
  name: ObjectName;
  inputs: PropertyMap;
  /** Seconds; 0 for the default. */
  timeout: number;
  /** Aborted when the update is canceled. */
  stopped: AbortSignal;
  /** Shows progress to the user. */
  progress: (message: string) => void;
}

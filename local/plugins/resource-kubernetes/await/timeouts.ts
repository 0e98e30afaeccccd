import { annotation } from "../objects";
import type { Wait } from "./wait";

/** The official plugin's default for most kinds, seconds. */
const defaultTimeout = 600;

/** Timeouts of kinds for which the official plugin ignores the program's own, seconds. */
const fixedTimeouts: Record<string, number> = {
  PersistentVolume: 300,
  PersistentVolumeClaim: 300,
  ReplicationController: 600,
  ResourceQuota: 60,
  Secret: 5,
};

/** Fields of a wait that determine its timeout. */
type Timed = Pick<Wait, "timeout" | "inputs"> & { name: Pick<Wait["name"], "kind"> };

/** Returns the timeout for an object to become ready, seconds. */
export function readyTimeout(wait: Timed): number {
  const isAsked = annotation(wait.inputs, "pulumi.com/waitFor") !== undefined;
  return (isAsked ? undefined : fixedTimeouts[wait.name.kind]) ?? timeoutOf(wait);
}

/** Returns the program's timeout, seconds. */
export function timeoutOf({ timeout, inputs }: Timed): number {
  if (timeout > 0) return timeout;
  return Number(annotation(inputs, "pulumi.com/timeoutSeconds") ?? defaultTimeout);
}

import { annotation } from "../objects";
import type { Wait } from "./wait";

/** Default of the official plugin for most kinds, seconds. */
const defaultTimeout = 600;

/** Time of the kinds that the official plugin gives one of their own, whatever the program asks for, seconds. */
const fixedTimeouts: Record<string, number> = {
  PersistentVolume: 300,
  PersistentVolumeClaim: 300,
  ReplicationController: 600,
  ResourceQuota: 60,
  Secret: 5,
};

/** What of a wait its time depends on. */
type Timed = Pick<Wait, "timeout" | "inputs"> & { name: Pick<Wait["name"], "kind"> };

/** How long an object is waited for to be in place, seconds. */
export function readyTimeout(wait: Timed): number {
  const isAsked = annotation(wait.inputs, "pulumi.com/waitFor") !== undefined;
  return (isAsked ? undefined : fixedTimeouts[wait.name.kind]) ?? timeoutOf(wait);
}

/** What the program asks for, seconds. */
export function timeoutOf({ timeout, inputs }: Timed): number {
  if (timeout > 0) return timeout;
  return Number(annotation(inputs, "pulumi.com/timeoutSeconds") ?? defaultTimeout);
}

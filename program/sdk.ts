import { keepEncodings } from "../cluster/received-struct";
import { disableDebugMessages, disablePromiseTraces } from "./traces";

/**
 * Disables parts of the SDK that take much of a program's CPU time: debugging aids, and a message object for each
 * value.
 */
export function prepareSdk(): void {
  disablePromiseTraces();
  disableDebugMessages();
  keepEncodings();
}

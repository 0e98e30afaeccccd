import { keepEncodings } from "../cluster/received-struct";
import { disableDebugMessages, disablePromiseTraces } from "./traces";

/**
 * Disables what takes much of a program's CPU time in the SDK: debugging aids, and a message object for each
 * value.
 */
export function prepareSdk(): void {
  disablePromiseTraces();
  disableDebugMessages();
  keepEncodings();
}

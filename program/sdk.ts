import { keepEncodings } from "../cluster/received-struct";
import { disableDebugMessages, disablePromiseTraces } from "./traces";

/** Spares the SDK what takes much of a program's CPU time: what only helps to debug it, and messages for single values. */
export function prepareSdk(): void {
  disablePromiseTraces();
  disableDebugMessages();
  keepEncodings();
}

import type * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";

/** The format of stack traces that was set last. */
let own: typeof Error.prepareStackTrace;

/**
 * Disables the stack traces that the SDK records for each of its promises, dozens per resource, to debug
 * promises that never resolve: mapping them to source lines takes a quarter of a large stack's time.
 * Errors keep their stack traces, and with `PULUMI_DEBUG_PROMISE_LEAKS` promises do as well. A process that
 * runs the program for many stacks calls it for each of them.
 */
export function disablePromiseTraces(): void {
  const format = Error.prepareStackTrace;
  if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS !== undefined) return;
  if (format === own) return;
  Error.prepareStackTrace = own = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? "" : (format(error, frames) as unknown);
}

/** The module that the SDK itself calls; an import would be a copy of its functions. */
const log = createRequire(__filename)("@pulumi/pulumi/log") as typeof pulumi.log;

/**
 * Disables the debug messages of the SDK: two or three for each resource, which the program sends to the engine one
 * after the other, and which only `--debug` displays. They take a tenth of the CPU time of an update without changes.
 * With `PLATFORM_DEBUG_MESSAGES` in the environment they are sent.
 */
export function disableDebugMessages(): void {
  if (process.env.PLATFORM_DEBUG_MESSAGES === undefined) log.debug = () => Promise.resolve();
}

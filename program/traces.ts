import type * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";

/** Modules that the SDK itself calls; an import would be a copy of their functions. */
const sdk = createRequire(__filename);
const promises = sdk("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise: <T>(promise: Promise<T>, context: unknown) => Promise<T>;
};
const log = sdk("@pulumi/pulumi/log") as typeof pulumi.log;

/** The replacement of the SDK's function; undefined before the first call. */
let untraced: typeof promises.debuggablePromise | undefined;

/**
 * Disables the stack traces that the SDK records for each of its promises, dozens per resource, to debug
 * promises that never resolve: mapping them to source lines takes a quarter of a large stack's time, and without that,
 * collecting their frames takes a tenth. Errors keep their stack traces, and with `PULUMI_DEBUG_PROMISE_LEAKS` promises
 * do as well. A process that runs the program for many stacks calls it for each of them.
 */
export function disablePromiseTraces(): void {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS !== undefined) return;
  const { debuggablePromise } = promises;
  if (debuggablePromise === untraced) return;
  promises.debuggablePromise = untraced = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

/**
 * Disables the debug messages of the SDK: two or three for each resource, which the program sends to the engine one
 * after the other, and which only `--debug` displays. They take a tenth of the CPU time of an update without changes.
 * With `PLATFORM_DEBUG_MESSAGES` in the environment they are sent.
 */
export function disableDebugMessages(): void {
  if (process.env.PLATFORM_DEBUG_MESSAGES === undefined) log.debug = () => Promise.resolve();
}

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

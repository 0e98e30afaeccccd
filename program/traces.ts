/**
 * Spares the stack traces that the SDK takes with each of its promises, dozens for each resource, in
 * case one never ends: looking up their lines in the source is a quarter of a large stack's time.
 * Errors keep theirs. `PULUMI_DEBUG_PROMISE_LEAKS`, which prints them, keeps them as well.
 */
export function sparePromiseTraces(): void {
  const format = Error.prepareStackTrace;
  if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS !== undefined) return;
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? "" : (format(error, frames) as unknown);
}

/**
 * Returns what an error says, or the text of anything else that was thrown. An error without a message has its code or
 * its name: a connection to a name with several addresses fails with one error for each, and none for all.
 */
export function reasonOf(error: unknown): string {
  return error instanceof Error
    ? error.message || (error as NodeJS.ErrnoException).code || error.name
    : String(error);
}

/** Returns the first line of {@link reasonOf}. */
export function firstLineOf(error: unknown): string {
  return reasonOf(error).split("\n", 1)[0] ?? "";
}

/** Returns why a request failed. `fetch` itself says only that it failed, and names the reason as its cause. */
export function requestReasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return reasonOf(cause ?? error);
}

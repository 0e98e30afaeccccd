/**
 * Returns the message of a config error.
 * @param what the allowed values, as a noun: `an integer from 1 to 5`.
 * @param got the value as `show` prints it, or a description in words.
 * @param next what to do, if that is not obvious.
 */
export function expected(what: string, got: string, next?: string): string {
  return `expected ${what}, got ${got}${next === undefined ? "" : `; ${next}`}`;
}

/**
 * Returns the message for a value that only one key can have.
 * @param kind what the value is, for example `a host name`.
 * @param owner the key that already has it.
 */
export function taken(kind: string, got: string, owner: string): string {
  return expected(`${kind} that nothing else uses`, `${got}, which ${owner} uses`);
}

/** Returns the error function for a value that may be a secret: it never shows the value. */
export function expectedSecret(what: string, next?: string) {
  return ({ input }: { input?: unknown }): string =>
    expected(what, input === undefined ? "nothing" : "another value (not shown)", next);
}

/** Returns the message for a mapping whose `min` is higher than its `max`. */
export function minAboveMax({ input }: { input?: unknown }): string {
  const { min, max } = input as { min: number; max: number };
  return `expected a min of at most max, got min ${min} and max ${max}`;
}

import { createHash, randomInt } from "node:crypto";

/** Returns an integer from 0 up to, but not including, `limit`; each equally likely. */
export type Source = (limit: number) => number;

/** The operating system's cryptographic random numbers. */
export const secureSource: Source = (limit) => randomInt(limit);

/**
 * Returns numbers that depend on `seed` only. They differ from the official plugin's for the same seed, which come from
 * Go's generator.
 */
function seededSource(seed: string): Source {
  let drawn = 0;
  // A 48-bit number is taken modulo the limit. Numbers above the last whole multiple would favor small results, and are
  // drawn again.
  const range = 2 ** 48;
  return (limit) => {
    for (;;) {
      const hash = createHash("sha256").update(`${drawn++}:${seed}`).digest();
      const draw = hash.readUIntBE(0, 6);
      if (draw < range - (range % limit)) return draw % limit;
    }
  };
}

/** Returns the source for a resource with an optional seed. */
export function sourceFor(seed: unknown): Source {
  return typeof seed === "string" && seed !== "" ? seededSource(seed) : secureSource;
}

/** Returns `items` in random order; every order is equally likely. */
export function shuffle<T>(items: readonly T[], source: Source): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = source(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

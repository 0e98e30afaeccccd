import { createHash, randomInt } from "node:crypto";

/** Gives a whole number from 0 up to, not including, `limit`; each equally likely. */
export type Source = (limit: number) => number;

/** The operating system's cryptographic random numbers. */
export const secureSource: Source = (limit) => randomInt(limit);

/**
 * Numbers that follow from `seed` alone. They are not the ones the official plugin makes from the
 * same seed, which come from Go's generator.
 */
function seededSource(seed: string): Source {
  let drawn = 0;
  // A 48-bit draw is taken modulo the limit; draws past the last whole multiple would favour small
  // numbers and are drawn again.
  const range = 2 ** 48;
  return (limit) => {
    for (;;) {
      const hash = createHash("sha256").update(`${drawn++}:${seed}`).digest();
      const draw = hash.readUIntBE(0, 6);
      if (draw < range - (range % limit)) return draw % limit;
    }
  };
}

/** The source for resources that take an optional seed. */
export function sourceFor(seed: unknown): Source {
  return typeof seed === "string" && seed !== "" ? seededSource(seed) : secureSource;
}

/** A random order of `items`; every order equally likely. */
export function shuffle<T>(items: readonly T[], source: Source): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = source(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

/**
 * Returns the seed of a test's random choices: a number from a variable, a random one for `random`, else 1. A merge
 * request must not fail for a fault that it did not make, so that only nightly runs choose at random.
 */
export function seedOf(variable: string): number {
  const text = process.env[variable] ?? "1";
  const seed = text === "random" ? Date.now() % 2 ** 31 : Number(text);
  if (!Number.isInteger(seed)) {
    throw new Error(
      `${variable}: expected a whole number or "random", got ${JSON.stringify(text)}`,
    );
  }
  return seed;
}

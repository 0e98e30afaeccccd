import type { CheckFailure } from "../shared/provider";
import type { PropertyMap } from "../shared/values";
import type { RandomKind } from "./kind";
import { shuffle, sourceFor } from "./source";

/** `RandomInteger`: from `min` to `max`, inclusive. Imported by "result,min,max" or "result,min,max,seed". */
export const randomInteger: RandomKind = {
  inputs: {
    keepers: { type: "map" },
    min: { type: "integer", required: true },
    max: { type: "integer", required: true },
    seed: { type: "string" },
  },
  outputs: { result: "plain" },
  check: ({ min, max }): CheckFailure[] =>
    Number(min) <= Number(max)
      ? []
      : [{ property: "min", reason: `must not exceed max (${Number(max)})` }],
  generate({ min, max, seed }) {
    const source = sourceFor(seed);
    const result = Number(min) + source(Number(max) - Number(min) + 1);
    return { id: String(result), outputs: { result } };
  },
  restore(id) {
    const match = /^(-?\d+),(-?\d+),(-?\d+)(?:,(.+))?$/.exec(id);
    if (!match)
      throw new Error(
        `"${id}": a RandomInteger is imported by "result,min,max" or "result,min,max,seed".`,
      );
    const [, result, min, max, seed] = match;
    return {
      id: String(Number(result)),
      inputs: { min: Number(min), max: Number(max), seed: seed ?? null },
      outputs: { result: Number(result) },
    };
  },
};

/** `RandomShuffle`: `inputs` in random order, repeated or truncated to `resultCount`. */
export const randomShuffle: RandomKind = {
  inputs: {
    keepers: { type: "map" },
    inputs: { type: "strings", required: true },
    resultCount: { type: "integer", min: 0 },
    seed: { type: "string" },
  },
  outputs: { results: "plain" },
  generate: (values) => ({ id: "-", outputs: { results: shuffled(values) } }),
  restore() {
    throw new Error("A RandomShuffle cannot be imported.");
  },
};

/** Concatenates whole permutations, so that no item is repeated before all have occurred. */
function shuffled({ inputs, resultCount, seed }: PropertyMap): string[] {
  const items = (inputs as string[]) ?? [];
  const count = Number(resultCount ?? items.length);
  const source = sourceFor(seed);
  const results: string[] = [];
  while (items.length > 0 && results.length < count) results.push(...shuffle(items, source));
  return results.slice(0, count);
}

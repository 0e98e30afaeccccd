import { closest, distance } from "fastest-levenshtein";

/** Returns the known name that was probably meant; undefined if none is similar. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(name, known);
  const changed = distance(name.toLowerCase(), nearest.toLowerCase());
  // Two swapped letters are two changes; a name with more changes was not meant.
  const isNear = changed <= Math.max(2, name.length / 3) && changed < name.length / 1.5;
  return isNear ? nearest : undefined;
}

/**
 * Returns an entry of a map whose keys come from outside. A plain lookup would find `constructor` in every map,
 * because all objects inherit it.
 */
export function lookup<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

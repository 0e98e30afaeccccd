import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";
import { canonical } from "../../releases/template";
import type { Place } from "./masks";
import { engineMark } from "./secrets";

/** Splits `spec.rules[1].selector["app/name"]` into its parts. */
export function placeOf(path: string): Place {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, key]) => {
    if (index !== undefined) return Number(index);
    return quoted?.replaceAll(/\\(.)/g, "$1") ?? key ?? "";
  });
}

/** Returns the value at a place; undefined if there is none, and the mark of a secret that contains it. */
export function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((part, key) => {
    if (Array.isArray(part)) return typeof key === "number" ? (part[key] as unknown) : undefined;
    return isMap(part) ? lookup(part, String(key)) : part === engineMark ? part : undefined;
  }, value);
}

/** Whether one place is equal to the other, or inside it. */
export function overlap(one: Place, other: Place): boolean {
  const shorter = Math.min(one.length, other.length);
  return one.slice(0, shorter).every((part, at) => String(part) === String(other[at]));
}

/** Items of a list by their names. */
type Named = Map<string, { index: number; value: unknown }>;

/** Returns the items of a list by their names; undefined if an item has none, or two have the same. */
export function byName(list: unknown[]): Named | undefined {
  const names = list.map((part) => {
    if (!isMap(part)) return undefined;
    const name = part.name ?? part.mountPath;
    return typeof name === "string" ? name : undefined;
  });
  if (names.some((name) => name === undefined) || new Set(names).size < names.length) {
    return undefined;
  }
  return new Map(list.map((value, index) => [names[index] ?? "", { index, value }]));
}

/**
 * Whether the plugin, which compares lists by index, reports a named item that only has another index: its field is as
 * recorded, or the comparison of the inputs has found its change by the item's name.
 */
export function isMoved(found: unknown, before: unknown, after: unknown, place: Place): boolean {
  const at = place.findIndex((key, depth) => {
    const lists = [found, before, after].map((value) => valueAt(value, place.slice(0, depth)));
    return typeof key === "number" && lists.every((it) => Array.isArray(it) && byName(it));
  });
  if (at < 0) return false;
  const [live, old, now] = [found, before, after].map(
    (value) => byName(valueAt(value, place.slice(0, at)) as unknown[]) ?? new Map<string, never>(),
  ) as [Named, Named, Named];
  const index = place[at];
  const inside = place.slice(at + 1);
  // An index of the plugin is one in the live list or in the new one.
  return [live, now].every((list) =>
    [...list].every(([name, item]) => {
      if (item.index !== index) return true;
      const [is, was, next] = [live, old, now].map((each) =>
        valueAt(each.get(name)?.value, inside),
      );
      return canonical(was) !== canonical(next) || contains(is, next);
    }),
  );
}

/** Whether a live value has everything that is declared; the API server adds defaults. */
function contains(live: unknown, declared: unknown): boolean {
  if (isMap(live) && isMap(declared)) {
    return Object.entries(declared).every(([key, value]) => contains(lookup(live, key), value));
  }
  return canonical(live) === canonical(declared);
}

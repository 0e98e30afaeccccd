import { isDeepStrictEqual } from "node:util";
import { isMap, PropertyMap, PropertyValue, SIGNATURE_KEY, unwrapSecrets } from "./values";

/** One difference between two versions of a resource's properties. */
export interface PropertyChange {
  /** Where, as Pulumi writes it: `spec.containers[0].image`, `metadata.annotations["a.b/c"]`. */
  path: string;
  /** `add` and `delete` name the topmost part that came or went. */
  kind: "add" | "delete" | "update";
}

/**
 * What changed from `old` to `next`, in the order of `next` and then of what was removed.
 *
 * A secret equals its content; null equals a property that is absent; an unknown value differs from
 * every known one. Lists are compared by position. Assets and archives are compared as a whole.
 */
export function detailedDiff(old: PropertyMap, next: PropertyMap): PropertyChange[] {
  const changes: PropertyChange[] = [];
  compareMaps(unwrapSecrets(old), unwrapSecrets(next), "", changes);
  return changes;
}

/** `name` below `path`, quoted where Pulumi's own paths are: for anything but letters, digits and `_`. */
export function childPath(path: string, name: string | number): string {
  if (typeof name === "number") return `${path}[${name}]`;
  if (!/^\w+$/.test(name)) return `${path}["${name.replaceAll('"', '\\"')}"]`;
  return path === "" ? name : `${path}.${name}`;
}

function compare(
  old: PropertyValue,
  next: PropertyValue,
  path: string,
  changes: PropertyChange[],
): void {
  if (isPlainMap(old) && isPlainMap(next)) {
    compareMaps(old, next, path, changes);
  } else if (Array.isArray(old) && Array.isArray(next)) {
    compareLists(old, next, path, changes);
  } else if (old !== next && !isDeepStrictEqual(old, next)) {
    changes.push({ path, kind: "update" });
  }
}

function compareMaps(
  old: PropertyMap,
  next: PropertyMap,
  path: string,
  changes: PropertyChange[],
): void {
  for (const [name, value] of Object.entries(next)) {
    const before = property(old, name);
    if (before !== null && value !== null) compare(before, value, childPath(path, name), changes);
    else if (value !== null) changes.push({ path: childPath(path, name), kind: "add" });
  }
  for (const [name, value] of Object.entries(old)) {
    if (value !== null && property(next, name) === null)
      changes.push({ path: childPath(path, name), kind: "delete" });
  }
}

function compareLists(
  old: PropertyValue[],
  next: PropertyValue[],
  path: string,
  changes: PropertyChange[],
): void {
  const length = Math.max(old.length, next.length);
  for (let index = 0; index < length; index++) {
    const before = old[index];
    const after = next[index];
    const item = childPath(path, index);
    if (before === undefined) changes.push({ path: item, kind: "add" });
    else if (after === undefined) changes.push({ path: item, kind: "delete" });
    else compare(before, after, item, changes);
  }
}

/** Only own properties count: `constructor` is a lawful name of a property. */
function property(map: PropertyMap, name: string): PropertyValue {
  return Object.hasOwn(map, name) ? (map[name] ?? null) : null;
}

function isPlainMap(value: PropertyValue): value is PropertyMap {
  return isMap(value) && !Object.hasOwn(value, SIGNATURE_KEY);
}

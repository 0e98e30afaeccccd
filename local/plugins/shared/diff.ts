import { isDeepStrictEqual } from "node:util";
import { isMap, PropertyMap, PropertyValue, SIGNATURE_KEY, unwrapSecrets } from "./values";

/** A difference between two versions of a resource's properties. */
export interface PropertyChange {
  /** Path in Pulumi's notation: `spec.containers[0].image`, `metadata.annotations["a.b/c"]`. */
  path: string;
  /** `add` and `delete` refer to the topmost part that was added or removed. */
  kind: "add" | "delete" | "update";
  /** The parts of the path. */
  keys: readonly (string | number)[];
}

/** Returns the path of `key` below `path`. */
type ChildPath = (path: string, key: string | number) => string;

/** Position and result of a comparison. */
interface At {
  path: string;
  keys: readonly (string | number)[];
  child: ChildPath;
  changes: PropertyChange[];
}

/**
 * Returns the changes from `old` to `next`, in the order of `next`, followed by removals. A secret equals its content;
 * null equals an absent property; an unknown value differs from every known one. Lists are compared by position. Assets
 * and archives are compared as a whole.
 * @param child builds paths. Default: Pulumi's notation.
 */
export function detailedDiff(
  old: PropertyMap,
  next: PropertyMap,
  child: ChildPath = childPath,
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  compareMaps(unwrapSecrets(old), unwrapSecrets(next), { path: "", keys: [], child, changes });
  return changes;
}

/** Returns `name` below `path`, quoted like Pulumi's paths unless it consists of letters, digits and `_`. */
export function childPath(path: string, name: string | number): string {
  if (typeof name === "number") return `${path}[${name}]`;
  if (!/^\w+$/.test(name)) return `${path}["${name.replaceAll('"', '\\"')}"]`;
  return path === "" ? name : `${path}.${name}`;
}

function compare(old: PropertyValue, next: PropertyValue, at: At): void {
  if (isPlainMap(old) && isPlainMap(next)) compareMaps(old, next, at);
  else if (Array.isArray(old) && Array.isArray(next)) compareLists(old, next, at);
  else if (old !== next && !isDeepStrictEqual(old, next)) report(at, "update");
}

function compareMaps(old: PropertyMap, next: PropertyMap, at: At): void {
  for (const [name, value] of Object.entries(next)) {
    const before = property(old, name);
    if (before !== null && value !== null) compare(before, value, below(at, name));
    else if (value !== null) report(below(at, name), "add");
  }
  for (const [name, value] of Object.entries(old)) {
    if (value !== null && property(next, name) === null) report(below(at, name), "delete");
  }
}

function compareLists(old: PropertyValue[], next: PropertyValue[], at: At): void {
  const length = Math.max(old.length, next.length);
  for (let index = 0; index < length; index++) {
    const before = old[index];
    const after = next[index];
    const item = below(at, index);
    if (before === undefined) report(item, "add");
    else if (after === undefined) report(item, "delete");
    else compare(before, after, item);
  }
}

function below(at: At, key: string | number): At {
  return { ...at, path: at.child(at.path, key), keys: [...at.keys, key] };
}

function report({ path, keys, changes }: At, kind: PropertyChange["kind"]): void {
  changes.push({ path, kind, keys });
}

/** Only own properties count, because `constructor` is a valid name of a property. */
function property(map: PropertyMap, name: string): PropertyValue {
  return Object.hasOwn(map, name) ? (map[name] ?? null) : null;
}

function isPlainMap(value: PropertyValue): value is PropertyMap {
  return isMap(value) && !Object.hasOwn(value, SIGNATURE_KEY);
}

import { isDeepStrictEqual } from "node:util";
import { isMap, PropertyMap, PropertyValue, SIGNATURE_KEY, unwrapSecrets } from "./values";

/** One difference between two versions of a resource's properties. */
export interface PropertyChange {
  /** Where, as Pulumi writes it: `spec.containers[0].image`, `metadata.annotations["a.b/c"]`. */
  path: string;
  /** `add` and `delete` name the topmost part that came or went. */
  kind: "add" | "delete" | "update";
  /** The path's parts. */
  keys: readonly (string | number)[];
}

/** How a path goes on: `key` below `path`. */
type ChildPath = (path: string, key: string | number) => string;

/** What a comparison is about, and where its result goes. */
interface At {
  path: string;
  keys: readonly (string | number)[];
  child: ChildPath;
  changes: PropertyChange[];
}

/**
 * What changed from `old` to `next`, in the order of `next` and then of what was removed.
 *
 * A secret equals its content; null equals a property that is absent; an unknown value differs from
 * every known one. Lists are compared by position. Assets and archives are compared as a whole.
 * @param child how paths are written; as Pulumi's own are without it.
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

/** `name` below `path`, quoted where Pulumi's own paths are: for anything but letters, digits and `_`. */
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

/** Only own properties count: `constructor` is a lawful name of a property. */
function property(map: PropertyMap, name: string): PropertyValue {
  return Object.hasOwn(map, name) ? (map[name] ?? null) : null;
}

function isPlainMap(value: PropertyValue): value is PropertyMap {
  return isMap(value) && !Object.hasOwn(value, SIGNATURE_KEY);
}

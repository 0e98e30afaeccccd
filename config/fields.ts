import { isMap } from "./is-map";
import { lookup } from "./lookup";

/** Returns a value inside fields whose types are not checked, by its keys; undefined if there is none. */
export function at(fields: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((part, key) => (isMap(part) ? lookup(part, key) : undefined), fields);
}

/** Returns the map at a path; an empty one if there is none. */
export function mapAt(fields: unknown, ...path: string[]): Record<string, unknown> {
  const value = at(fields, ...path);
  return isMap(value) ? value : {};
}

/** Returns the list at a path; an empty one if there is none. */
export function listAt(fields: unknown, ...path: string[]): unknown[] {
  const value = at(fields, ...path);
  return Array.isArray(value) ? value : [];
}

/** Returns the maps in the list at a path. */
export function mapsAt(fields: unknown, ...path: string[]): Record<string, unknown>[] {
  return listAt(fields, ...path).filter(isMap);
}

/** Returns the strings in the list at a path. */
export function stringsAt(fields: unknown, ...path: string[]): string[] {
  return listAt(fields, ...path).filter((it) => typeof it === "string");
}

import { createHash } from "node:crypto";
import { isMap } from "../config/is-map";
import { lookup } from "../config/lookup";

/** A value as JSON holds it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Everything that defines a release's pods: image, environment, config files, probes and so on. It is compared
 * and passed on; the code in this folder does not read its content.
 */
export type Template = { [key: string]: Json };

/** The first 16 hexadecimal digits of the SHA-256 of a template's canonical JSON. */
export type TemplateHash = string;

/** Returns a template's hash. The order of keys does not matter, the order of lists does. */
export function templateHash(template: Template): TemplateHash {
  return createHash("sha256").update(canonical(template)).digest("hex").slice(0, 16);
}

/** Returns JSON with the keys of every map sorted. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isMap(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part,
  );
}

/** Returns a copy in canonical order, without undefined fields. */
export function canonicalCopy<T>(value: T): T {
  return JSON.parse(canonical(value)) as T;
}

/** Whether a value is a map of plain JSON. */
export function isTemplate(value: unknown): value is Template {
  return isMap(value) && Object.values(value).every(isJson);
}

/**
 * Returns the paths of the leaves in which two values differ, such as `probes.ready.path`, `args[0]` or
 * `configFiles["/etc/shop.yaml"]`.
 */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  path = "",
): string[] {
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      differences(lookup(before, key), lookup(after, key), path + member(key, path === "")),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const longest = before.length > after.length ? before : after;
    return longest.flatMap((_, at) => differences(before[at], after[at], `${path}[${at}]`));
  }
  return canonical(before) === canonical(after) ? [] : [path];
}

function member(key: string, first: boolean): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function isJson(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isJson);
  if (isMap(value)) return Object.values(value).every(isJson);
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

import type { Json, Template } from "./types";

/** Whether two templates say the same, whatever the order of their keys. */
export function same(a: Template, b: Template): boolean {
  return canonical(a) === canonical(b);
}

/** Paths of the leaves in which two templates differ, sorted. */
export function differences(a: Json | undefined, b: Json | undefined, path = ""): string[] {
  if (isMap(a) && isMap(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys.flatMap((key) => differences(a[key], b[key], path === "" ? key : `${path}.${key}`));
  }
  return canonical(a) === canonical(b) ? [] : [path];
}

function canonical(value: Json | undefined): string {
  return (
    JSON.stringify(value, (_key, part: Json) =>
      isMap(part)
        ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
        : part,
    ) ?? ""
  );
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

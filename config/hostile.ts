import { keyOf, type ConfigError } from "./errors";

/** No section of a config has even ten levels. What goes deeper is a loop, or made to break its reader. */
const deepest = 64;

/** A name that JavaScript's maps treat as something else, so that checks would pass it over. */
const forbidden = "__proto__";

/**
 * What makes a config unfit to be looked at in any detail.
 * @returns the first such thing under each key; none for any config that a person writes.
 */
export function hostile(root: string, values: Readonly<Record<string, unknown>>): ConfigError[] {
  return Object.entries(values).flatMap(([key, value]): ConfigError[] => {
    if (key === forbidden) return [forbiddenName(root, [key])];
    const error = first(root, [key], value);
    return error === undefined ? [] : [error];
  });
}

/** A look at a section, in which the depth is bounded as well. */
function first(root: string, path: PropertyKey[], value: unknown): ConfigError | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length > deepest) {
    const key = keyOf(root, path.slice(0, 3));
    return { key, message: `expected at most ${deepest} levels of nesting, got more` };
  }
  for (const [name, entry] of Object.entries(value)) {
    const inner = [...path, Array.isArray(value) ? Number(name) : name];
    if (name === forbidden) return forbiddenName(root, inner);
    const error = first(root, inner, entry);
    if (error !== undefined) return error;
  }
  return undefined;
}

function forbiddenName(root: string, path: PropertyKey[]): ConfigError {
  return { key: keyOf(root, path), message: "expected a name other than __proto__, got __proto__" };
}

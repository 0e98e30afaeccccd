import { expected, keyOf, type ConfigError } from "./errors";
import { show, showAt } from "./show";

/** Maximum number of nested levels. No section of a config has even ten; more is a loop, or an attack on the parser. */
const deepest = 64;

/** A name that JavaScript treats specially, so that checks would not see the key. */
const forbidden = "__proto__";

/**
 * Finds keys and values that no check can handle: unusual names, text that cannot be stored, endless nesting.
 * @returns the first problem under each key.
 */
export function findUnusableKeys(
  root: string,
  values: Readonly<Record<string, unknown>>,
): ConfigError[] {
  return Object.entries(values).flatMap(([key, value]): ConfigError[] => {
    const problem = nameProblem(root, [key]);
    if (problem !== undefined) return [problem];
    const error = firstProblem(root, [key], value);
    return error === undefined ? [] : [error];
  });
}

/** The first problem in a section, including too many levels of nesting. */
function firstProblem(root: string, path: PropertyKey[], value: unknown): ConfigError | undefined {
  if (typeof value === "string" && !isText(value)) {
    return { key: keyOf(root, path), message: expected(text, showAt(path, value)) };
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length > deepest) {
    const key = keyOf(root, path.slice(0, 3));
    return { key, message: `expected at most ${deepest} levels of nesting, got more` };
  }
  for (const [name, entry] of Object.entries(value)) {
    const inner = [...path, Array.isArray(value) ? Number(name) : name];
    const problem = nameProblem(root, inner);
    if (problem !== undefined) return problem;
    const error = firstProblem(root, inner, entry);
    if (error !== undefined) return error;
  }
  return undefined;
}

function nameProblem(root: string, path: PropertyKey[]): ConfigError | undefined {
  const key = keyOf(root, path);
  const name = String(path.at(-1));
  if (name === forbidden) {
    return { key, message: "expected a name other than __proto__, got __proto__" };
  }
  return isText(name) ? undefined : { key, message: expected(text, show(name)) };
}

const text = "text without NUL and unpaired surrogates, which nothing can store";

/** Neither an API server nor a process accepts a NUL, and an unpaired surrogate cannot be encoded in UTF-8. */
function isText(value: string): boolean {
  return !value.includes("\u0000") && !/\p{Surrogate}/u.test(value);
}

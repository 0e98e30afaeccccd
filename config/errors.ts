import { closest, distance } from "fastest-levenshtein";
import { expected, taken } from "./expected";
import { ProgramError } from "./program-error";
import { cut, json, show } from "./show";

export { expected, taken } from "./expected";
export { show } from "./show";

/** One thing wrong with a stack's config. */
export interface ConfigError {
  /** Full key, for example `platform:apps.shop.canary.weight`. */
  key: string;
  /** `expected …, got …`, then what to do next where that is not obvious. */
  message: string;
}

/** Errors that are printed. More than this are almost always one mistake repeated. */
const mostErrors = 100;
/** Names that are listed where one of many is expected. */
const mostNames = 30;
/** Characters of a name that are shown in a key. */
const longestName = 80;

/** All errors of a stack's config as one exception, so that a preview shows all of them at once. */
export class InvalidConfig extends ProgramError {
  constructor(
    stack: string,
    readonly errors: readonly ConfigError[],
  ) {
    super(errorList(`The config of stack "${stack}"`, errors, "nothing was changed"));
    this.name = "InvalidConfig";
  }
}

/**
 * The text of an exception that lists all errors of one source.
 * @param source what the errors are in, as the subject of the first sentence.
 * @param outcome what this means for the reader.
 */
export function errorList(source: string, errors: readonly ConfigError[], outcome: string): string {
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  const lines = errors.slice(0, mostErrors).map(({ key, message }) => `  ${key}: ${message}`);
  const more = errors.length - lines.length;
  return [
    `${source} has ${count}; ${outcome}.`,
    ...lines,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ].join("\n");
}

/** The message for a key that the schema does not know, with the nearest one that it does. */
export function unknownKey(name: string, known: readonly string[]): string {
  const got = cut(json(name), longestName);
  if (known.length === 0) return expected("no key here", got);
  const keys = [...known].sort().join(", ");
  const nearest = closest(name, known);
  const changed = distance(name.toLowerCase(), nearest.toLowerCase());
  // Two letters in the wrong order are two changes; a name that is mostly another one is not meant.
  const isNear = changed <= Math.max(2, name.length / 3) && changed < name.length / 1.5;
  return expected(
    known.length === 1 ? `the key ${keys}` : `one of the keys ${keys}`,
    got,
    isNear ? `did you mean "${nearest}"?` : undefined,
  );
}

/**
 * A config key as Pulumi prints it: `platform:apps.shop.canary.weight`, `…hosts[0]`.
 * @param root what all keys start with: `platform:apps`, or `platform:` alone.
 */
export function keyOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    const name = String(part);
    if (!/^[\w-]+$/.test(name) || name.length > longestName) {
      return `${key}[${cut(json(name), longestName)}]`;
    }
    return key.endsWith(":") ? `${key}${name}` : `${key}.${name}`;
  }, root);
}

/** The names of which one is expected, in the order of the array; of a long list, the first ones. */
export function listed(names: readonly string[], none = "there is none"): string {
  if (names.length === 0) return none;
  const shown = names.slice(0, mostNames);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/**
 * Errors for every value that an earlier key uses already.
 * @param kind what the values are, for example `a host name`.
 */
export function duplicates(
  values: [key: string, value: string | number][],
  kind: string,
): ConfigError[] {
  const owners = new Map<string | number, string>();
  return values.flatMap(([key, value]) => {
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, key);
      return [];
    }
    return [{ key, message: taken(kind, show(value), owner) }];
  });
}

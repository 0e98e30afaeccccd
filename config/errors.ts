import { expected, taken } from "./expected";
import { nearestOf } from "./nearest";
import { ProgramError } from "./program-error";
import { cut, json, show } from "./show";

export { expected, taken } from "./expected";
export { show } from "./show";

/** One error in a stack's config. */
export interface ConfigError {
  /** Full key, for example `platform:apps.shop.canary.weight`. */
  key: string;
  /** `expected …, got …`, and what to do next if that is not obvious. */
  message: string;
}

/** Maximum number of errors that are printed. More than this are almost always one mistake, repeated. */
const maximumErrors = 100;
/** Maximum number of names that are listed if one of them is expected. */
const maximumNames = 30;
/** Maximum number of characters of a name that are shown in a key. */
const longestName = 80;

/** All errors of a stack's config in one exception, so that a preview shows all of them together. */
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
 * Returns the text of an exception that lists all errors of one source.
 * @param source what the errors are in, as the subject of the first sentence.
 * @param outcome what this means for the reader.
 */
export function errorList(source: string, errors: readonly ConfigError[], outcome: string): string {
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  const lines = errors.slice(0, maximumErrors).map(({ key, message }) => `  ${key}: ${message}`);
  const more = errors.length - lines.length;
  return [
    `${source} has ${count}; ${outcome}.`,
    ...lines,
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ].join("\n");
}

/** New names of keys that an earlier version had, for configs written for it. */
const renamedKeys = new Map([["patience", "timeout"]]);

/** Returns the message for a key that the schema does not have, with the key that was probably meant. */
export function unknownKey(name: string, known: readonly string[]): string {
  const got = cut(json(name), longestName);
  if (known.length === 0) return expected("no key here", got);
  const keys = [...known].sort().join(", ");
  const renamed = renamedKeys.get(name);
  const nearest = nearestOf(name, known);
  return expected(
    known.length === 1 ? `the key ${keys}` : `one of the keys ${keys}`,
    got,
    renamed !== undefined && known.includes(renamed)
      ? `it was renamed to ${renamed}`
      : nearest !== undefined
        ? `did you mean "${nearest}"?`
        : undefined,
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

/** Returns the names of which one is expected, in the order of the array. A long list is cut. */
export function listed(names: readonly string[], none = "there is none"): string {
  if (names.length === 0) return none;
  const shown = names.slice(0, maximumNames);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

/**
 * Returns errors for every value that an earlier key already uses.
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

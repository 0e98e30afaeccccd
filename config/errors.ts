import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { ProgramError } from "./program-error";
import { cut, json, show, showAt } from "./show";

export { show } from "./show";

/** One thing wrong with a stack's config. */
export interface ConfigError {
  /** Full key, for example `platform:apps.shop.canary.weight`. */
  key: string;
  /** What is wrong: the value given and what is allowed. */
  message: string;
}

/** Errors that are printed. Who made more of them has made one mistake many times. */
const mostErrors = 100;
/** Names that are listed where one of many is allowed. */
const mostNames = 30;
/** Characters that are shown of a name in a key. */
const longestName = 80;

/** Every error of a stack's config, as one exception, so that a preview shows all of them. */
export class InvalidConfig extends ProgramError {
  constructor(
    stack: string,
    readonly errors: readonly ConfigError[],
  ) {
    const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
    const lines = errors.slice(0, mostErrors).map(({ key, message }) => `  ${key}: ${message}`);
    const more = errors.length - lines.length;
    super(
      [
        `The config of stack "${stack}" has ${count}; nothing was changed.`,
        ...lines,
        ...(more > 0 ? [`  … and ${more} more`] : []),
      ].join("\n"),
    );
    this.name = "InvalidConfig";
  }
}

type Issue = z.core.$ZodIssue;

/** The config errors behind a failed parse, each with its key under `root`. */
export function configErrors(root: string, schema: z.ZodType, issues: Issue[]): ConfigError[] {
  return issues.flatMap((issue) => {
    const key = keyOf(root, issue.path);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((name) => ({
          key: keyOf(root, [...issue.path, name]),
          message: unknownKey(name, knownKeys(schema, issue.path)),
        }));
      case "invalid_union": {
        const nearest = nearestOption(issue);
        return nearest === undefined
          ? [unionError(key, issue)]
          : configErrors(root, schema, nearest);
      }
      case "invalid_key":
        return [{ key, message: `not a valid name; allowed is ${messages(issue.issues)}` }];
      default:
        return [{ key, message: describe(issue) }];
    }
  });
}

/** The text for a key that nothing knows, with the nearest name that exists. */
export function unknownKey(name: string, known: readonly string[]): string {
  if (known.length === 0) return "unknown key; none is allowed here";
  return `unknown key; did you mean "${closest(name, known)}"? Allowed are ${[...known].sort().join(", ")}`;
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

/** Names of which one is allowed, in the order given; of very many, the first. */
export function listed(names: readonly string[], none = "there is none"): string {
  if (names.length === 0) return none;
  const shown = names.slice(0, mostNames);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function describe(issue: Issue): string {
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return `missing; a ${typeName(issue.expected)} is required`;
    const hint =
      issue.expected === "string" && typeof issue.input === "number"
        ? "; write it in quotes, as YAML reads it as a number"
        : "";
    return `${showAt(issue.path, issue.input)} is given, allowed is a ${typeName(issue.expected)}${hint}`;
  }
  return given(issue.path, issue.input, allowed(issue));
}

function given(path: readonly PropertyKey[], value: unknown, allowedText: string): string {
  const start = value === undefined ? "missing;" : `${showAt(path, value)} is given,`;
  return `${start} allowed is ${allowedText}`;
}

function allowed(issue: Issue): string {
  switch (issue.code) {
    case "too_small":
      return `${unit(issue.origin)} of at least ${issue.minimum}`;
    case "too_big":
      return `${unit(issue.origin)} of at most ${issue.maximum}`;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    default:
      return issue.message;
  }
}

function unit(origin: string): string {
  if (origin === "array") return "a list with a length";
  if (origin === "string") return "a text with a length";
  return "a number";
}

function typeName(expected: string): string {
  const names: Record<string, string> = {
    int: "whole number",
    object: "mapping",
    record: "mapping",
    array: "list",
  };
  return names[expected] ?? expected;
}

/**
 * The issues of the one option of a union that was meant: a mapping is told by its keys. Undefined
 * when a word tells the options apart, when the union has a text of its own, or no mapping is given.
 */
function nearestOption(issue: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  const { discriminator } = issue as { discriminator?: string };
  if (discriminator !== undefined || issue.message !== "Invalid input") return undefined;
  if (typeof issue.input !== "object" || issue.input === null) return undefined;
  const strangers = (issues: Issue[]) =>
    issues.reduce((sum, other) => {
      if (other.code === "unrecognized_keys" && other.path.length === 0) {
        return sum + other.keys.length;
      }
      return other.code === "invalid_type" && other.expected === "never" ? sum + 1 : sum;
    }, 0);
  const [nearest] = [...issue.errors].sort(
    (a, b) => strangers(a) - strangers(b) || a.length - b.length,
  );
  return nearest?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unionError(key: string, issue: z.core.$ZodIssueInvalidUnion): ConfigError {
  const { discriminator, options } = issue as { discriminator?: string; options?: unknown[] };
  if (discriminator === undefined) return { key, message: describe({ ...issue, code: "custom" }) };
  const value = (issue.input as Record<string, unknown> | undefined)?.[discriminator];
  return {
    key,
    message: given(issue.path, value, `one of ${(options ?? []).map(String).join(", ")}`),
  };
}

function messages(issues: readonly Issue[]): string {
  return issues.map((issue) => issue.message).join(" and ");
}

/** The keys that a schema knows at a path; empty when it takes none by name. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<z.ZodType | undefined>(
    (current, part) => (current === undefined ? undefined : child(bare(current), part)),
    schema,
  );
  const object = found === undefined ? undefined : bare(found);
  if (object instanceof z.ZodObject) return Object.keys(object.shape);
  if (object instanceof z.ZodUnion) {
    return object.options.flatMap((option) => knownKeys(option as z.ZodType, []));
  }
  return [];
}

function child(schema: z.ZodType, part: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(part)] as z.ZodType | undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodUnion) {
    return schema.options
      .map((option) => child(bare(option as z.ZodType), part))
      .find((option) => option !== undefined);
  }
  return undefined;
}

function bare(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return bare(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return bare(schema.in as z.ZodType);
  return schema;
}

/** Errors for every value that an earlier key has already. */
export function duplicates(
  values: [key: string, value: string | number][],
  own: string,
): ConfigError[] {
  const owners = new Map<string | number, string>();
  return values.flatMap(([key, value]) => {
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, key);
      return [];
    }
    return [
      { key, message: `${show(value)} is given, which ${owner} has already; allowed is ${own}` },
    ];
  });
}

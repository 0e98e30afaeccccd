import { z } from "zod";
import { expected, keyOf, unknownKey, type ConfigError } from "./errors";
import { innerSchema, knownKeys, schemaAt } from "./schema-at";
import { cut, json, showAt } from "./show";

type Issue = z.core.$ZodIssue;

/**
 * Returns the config errors behind a failed parse, each with its key under `root`.
 * @param input the value that was parsed; it decides between the options of a union.
 */
export function configErrors(
  root: string,
  schema: z.ZodType,
  issues: readonly Issue[],
  input: unknown,
): ConfigError[] {
  return issues.flatMap((issue) => {
    const key = keyOf(root, issue.path);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((name) => ({
          key: keyOf(root, [...issue.path, name]),
          message: keyMessage(name, schemaAt(schema, issue.path, input), issue.input),
        }));
      case "invalid_union": {
        const nearest = nearestOption(issue);
        if (nearest !== undefined) return configErrors(root, schema, nearest, input);
        return [{ key, message: unionMessage(issue, schemaAt(schema, issue.path, input)) }];
      }
      case "invalid_key": {
        const texts = issue.issues.map(({ message }) => message).join(" and ");
        return [{ key, message: wrap(texts, cut(json(issue.path.at(-1)), 80)) }];
      }
      default:
        return [{ key, message: messageOf(issue, schemaAt(schema, issue.path, input)) }];
    }
  });
}

/** Returns the message for a key that is unknown, or that belongs to another form of its mapping. */
function keyMessage(name: string, schema: z.ZodType | undefined, input: unknown): string {
  const known = knownKeys(schema);
  if (!known.includes(name)) return unknownKey(name, known);
  const others = Object.keys(input ?? {}).filter((key) => !canCombine(schema, [name, key]));
  return expected(`no ${name} next to ${others.join(" and ")}`, "both", "remove one of them");
}

/** Whether one form of a mapping has all of some keys. */
function canCombine(schema: z.ZodType | undefined, keys: string[]): boolean {
  const own = schema && innerSchema(schema);
  const forms = own instanceof z.ZodUnion ? (own.options as z.ZodType[]) : [];
  return forms.some((form) => keys.every((key) => knownKeys(form).includes(key)));
}

function messageOf(issue: Issue, schema: z.ZodType | undefined): string {
  const got = showAt(issue.path, issue.input);
  if (issue.code === "custom") return wrap(issue.message, got);
  if (issue.code !== "invalid_type") return wrap(limit(issue, schema), got);
  const isMisread = needsMoreThanQuotes(schema, issue);
  const next =
    emptyHint(schema, issue.input) ??
    (isMisread ? undefined : quotesHint(issue.expected, issue.input));
  const what =
    (issue.input === undefined || isMisread ? patternText(schema) : undefined) ??
    numberText(schema) ??
    typeName(issue.expected);
  return expected(what, got, next);
}

/** Whether a number or true or false, where a text is expected, would be wrong in quotes as well. */
function needsMoreThanQuotes(
  schema: z.ZodType | undefined,
  { expected: type, input }: z.core.$ZodIssueInvalidType,
): boolean {
  if (type !== "string" || !["number", "boolean"].includes(typeof input)) return false;
  return schema?.safeParse(String(input)).success === false;
}

/** Returns what to do about a key without a value, which YAML reads as null. */
function emptyHint(schema: z.ZodType | undefined, input: unknown): string | undefined {
  if (input !== null) return undefined;
  const hasDefaults = schema?.safeParse({}).success === true;
  return `the key has no value: ${hasDefaults ? "write {} for its defaults" : "fill it in"}, or remove it`;
}

/** Returns a hint about quotes for a value of the wrong type. */
function quotesHint(type: string, input: unknown): string | undefined {
  if (type === "string" && (typeof input === "number" || typeof input === "boolean")) {
    return `write it in quotes, because YAML reads it as ${typeof input === "number" ? "a number" : "true or false"}`;
  }
  if (typeof input !== "string") return undefined;
  const isBare =
    type === "boolean" ? /^(true|false)$/.test(input) : /^-?[0-9]+(\.[0-9]+)?$/.test(input);
  return isBare && ["number", "int", "boolean"].includes(type)
    ? "write it without quotes"
    : undefined;
}

/** Turns a check's text into a message. The text after its first semicolon is advice, and goes last. */
function wrap(text: string, got: string): string {
  if (text.startsWith("expected ") && text.includes(", got ")) return text;
  const [what = "", ...next] = text.replace(/^expected /, "").split("; ");
  return expected(what, got, next.length === 0 ? undefined : next.join("; "));
}

function limit(issue: Issue, schema: z.ZodType | undefined): string {
  switch (issue.code) {
    case "too_small":
      return numberText(schema) ?? amount(issue.origin, `at least ${issue.minimum}`, issue.minimum);
    case "too_big":
      return numberText(schema) ?? amount(issue.origin, `at most ${issue.maximum}`, issue.maximum);
    case "invalid_value":
      return oneOf(issue.values);
    default:
      return issue.message;
  }
}

function oneOf(values: readonly unknown[]): string {
  const [first, ...others] = values.map(literal);
  return others.length === 0 ? String(first) : `one of ${[first, ...others].join(", ")}`;
}

/** Returns a text as YAML would write it: in quotes if YAML would read it as something else. */
function literal(value: unknown): string {
  const isQuoted = typeof value === "string" && /^([0-9.]+|true|false|null)$/.test(value);
  return isQuoted ? JSON.stringify(value) : String(value);
}

function amount(origin: string, text: string, count: number | bigint): string {
  const s = Number(count) === 1 ? "" : "s";
  if (origin === "array") return `a list of ${text} item${s}`;
  if (origin === "string") return `a string of ${text} character${s}`;
  return `a number of ${text}`;
}

/** Returns a number's type and range, for example `an integer from 1 to 65535`. */
function numberText(schema: z.ZodType | undefined): string | undefined {
  const number = schema && innerSchema(schema);
  if (!(number instanceof z.ZodNumber)) return undefined;
  const type = number.format === "safeint" ? "an integer" : "a number";
  const finite = (bound: number | null) =>
    bound !== null && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
  const [min, max] = [finite(number.minValue), finite(number.maxValue)];
  if (min !== undefined && max !== undefined) return `${type} from ${min} to ${max}`;
  if (min !== undefined) return `${type} of at least ${min}`;
  return max === undefined ? type : `${type} of at most ${max}`;
}

/** Returns what a string must look like, from the text of its first pattern or format. */
function patternText(schema: z.ZodType | undefined): string | undefined {
  const string = schema && innerSchema(schema);
  if (string === undefined) return undefined;
  for (const { _zod } of [string, ...(string._zod.def.checks ?? [])]) {
    const { check, error } = _zod.def as { check?: string; error?: unknown };
    // The error function of a refinement needs the value that it refused; that of a format does not.
    if (check !== "string_format" || typeof error !== "function") continue;
    const text: unknown = error({ input: undefined });
    if (typeof text === "string") return text;
  }
  return undefined;
}

function typeName(type: string): string {
  const names: Record<string, string> = {
    int: "an integer",
    object: "a mapping",
    record: "a mapping",
    array: "a list",
    boolean: "true or false",
  };
  return names[type] ?? `a ${type}`;
}

/**
 * Returns the issues of the union option that fits best: for a mapping, the one with the fewest unknown keys.
 * Undefined if a key selects the option, if the union has its own message, or if the value is not a mapping.
 */
function nearestOption(issue: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  const { discriminator } = issue as { discriminator?: string };
  if (discriminator !== undefined || issue.message !== "Invalid input") return undefined;
  if (typeof issue.input !== "object" || issue.input === null) return undefined;
  const unknown = (issues: Issue[]) =>
    issues.reduce((sum, other) => {
      if (other.code === "unrecognized_keys" && other.path.length === 0) {
        return sum + other.keys.length;
      }
      return other.code === "invalid_type" && other.expected === "never" ? sum + 1 : sum;
    }, 0);
  const [nearest] = [...issue.errors].sort(
    (a, b) => unknown(a) - unknown(b) || a.length - b.length,
  );
  return nearest?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unionMessage(issue: z.core.$ZodIssueInvalidUnion, schema: z.ZodType | undefined): string {
  const { discriminator, options } = issue as { discriminator?: string; options?: unknown[] };
  const { path, input, message } = issue;
  if (discriminator === undefined) {
    const text = message === "Invalid input" ? "a mapping" : message;
    const next = emptyHint(schema, input);
    return wrap(next === undefined ? text : `${text}; ${next}`, showAt(path, input));
  }
  const value = (input as Record<string, unknown> | undefined)?.[discriminator];
  return expected(oneOf(options ?? []), showAt(path, value));
}

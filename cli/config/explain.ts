import { expected, show } from "../../config/errors";
import { entriesOf, inline, schemaAtPath, typeOf } from "./entries";
import type { JsonSchema } from "./json-schema";

/** What the reference says about a key. */
export interface Explanation {
  /** With the prefix `platform:`. */
  key: string;
  meaning?: string;
  type: string;
  default?: unknown;
  /** A value that is valid. */
  example?: unknown;
  /** Regular expression that a text must match. */
  pattern?: string;
  /** The keys below it. */
  keys: ReturnType<typeof entriesOf>;
}

/**
 * Returns what the reference says about a key.
 * @param key such as `platform:components.gateway.replicas`; the prefix is optional.
 * @throws Error if there is no such key; the message lists the existing ones.
 */
export function explain(stack: JsonSchema, key: string): Explanation {
  const given = key.replace(/^platform:/, "");
  const path = given
    .replaceAll("[]", ".*")
    .replaceAll(/\[(\d+)\]/g, ".$1")
    .split(".");
  const name = `platform:${given}`;
  const found = schemaAtPath(stack, path);
  const [first] = found;
  if (first === undefined) throw new Error(unknown(stack, path, name));
  const below = found.flatMap((schema) => entriesOf(schema));
  return {
    key: name,
    meaning: first.description,
    type: [...new Set(found.map(typeOf))].join(" or "),
    default: first.default,
    example: first.examples?.[0],
    pattern: first.pattern,
    keys: [...new Map(below.map((entry) => [line(entry), entry])).values()],
  };
}

/** Returns an explanation as text. */
export function explanationText(explained: Explanation): string {
  const { key, meaning, type, default: defaultValue, example, pattern, keys } = explained;
  const facts = [
    ["type", type],
    ["default", defaultValue === undefined ? undefined : inline(defaultValue)],
    ["example", example === undefined ? undefined : inline(example)],
    ["pattern", pattern],
  ].filter(([, value]) => value !== undefined && value !== "");
  return [
    key,
    ...(meaning === undefined ? [] : ["", meaning]),
    "",
    ...facts.map(([label, value]) => `${label}: ${value}`),
    ...(keys.length === 0 ? [] : ["", "keys:", ...keys.map(line)]),
  ].join("\n");
}

function line({
  key,
  type,
  required,
  default: defaultValue,
  example,
  meaning,
}: ReturnType<typeof entriesOf>[0]) {
  const value = required
    ? ", required"
    : defaultValue === undefined
      ? ""
      : `, default ${defaultValue}`;
  const sample = example === undefined ? "" : `, example ${example}`;
  return `  ${key} (${type}${value}${sample})\n      ${meaning}`;
}

function unknown(stack: JsonSchema, path: readonly string[], name: string): string {
  const depth = path.findIndex((_, at) => schemaAtPath(stack, path.slice(0, at + 1)).length === 0);
  const parents = schemaAtPath(stack, path.slice(0, depth));
  const known = [
    ...new Set(
      parents.flatMap((parent) => entriesOf(parent).map(({ key }) => key.split(/[.[]/)[0])),
    ),
  ];
  const place = depth === 0 ? "platform" : `platform:${path.slice(0, depth).join(".")}`;
  return `${name}: ${expected(`a key of ${place}: ${known.join(", ") || "it has none"}`, show(path[depth]))}`;
}

import { stringify } from "yaml";
import type { JsonSchema } from "./json-schema";

/** A key of the config, in the form of the reference and of `explain`. */
export interface Entry {
  /** Path with `*` for a name and `[]` for each item of a list. */
  key: string;
  /** Type of the value, in words. */
  type: string;
  /** Default as YAML in one line; undefined for a key that is required or has no default. */
  default?: string;
  /** An example as YAML in one line; undefined for a key that has keys of its own. */
  example?: string;
  required: boolean;
  meaning: string;
  /** Form of the value that has this key, if there are several forms. */
  form?: string;
}

/** Returns every key below a part of the schema, in the schema's order. */
export function entriesOf(schema: JsonSchema, path = "", form?: string): Entry[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    // A key that must not be set only distinguishes two forms of a value.
    if (value.not !== undefined) return [];
    const place = path === "" ? key : `${path}.${key}`;
    const entry: Entry = {
      key: place,
      type: typeOf(value),
      default: value.default === undefined ? undefined : inline(value.default),
      example: value.examples === undefined ? undefined : inline(value.examples[0]),
      required: schema.required?.includes(key) ?? false,
      meaning: (value.description ?? "").replace(/\s+/g, " "),
      form,
    };
    return [entry, ...entriesOf(value, place, form)];
  });
  return [...own, ...inside(schema, path, form)];
}

function inside(schema: JsonSchema, path: string, form: string | undefined): Entry[] {
  const { additionalProperties, items } = schema;
  const many = typeof additionalProperties === "object" ? [additionalProperties] : [];
  return [
    ...many.flatMap((value) => entriesOf(value, path === "" ? "*" : `${path}.*`, form)),
    ...(items === undefined ? [] : entriesOf(items, `${path}[]`, form)),
    ...optionsOf(schema).flatMap((option) => entriesOf(option, path, formOf(option) ?? form)),
  ];
}

/**
 * Returns the schema at a path such as `components.gateway.replicas`. Names and indexes are used as they are.
 */
export function schemaAtPath(schema: JsonSchema, path: readonly string[]): JsonSchema[] {
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  const { additionalProperties, items, properties } = schema;
  const own = Object.hasOwn(properties ?? {}, first) ? properties?.[first] : undefined;
  const open = typeof additionalProperties === "object" ? additionalProperties : undefined;
  const next = own ?? open ?? (/^\d+$|^\*$/.test(first) ? items : undefined);
  return [
    ...(next === undefined ? [] : schemaAtPath(next, rest)),
    ...optionsOf(schema).flatMap((option) => schemaAtPath(option, path)),
  ];
}

/** Returns the type of a value, in words. */
export function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  const options = optionsOf(schema);
  if (options.length > 0) {
    const types = options.map(({ properties }) => properties?.["type"]?.const);
    if (types.every((type) => type !== undefined)) return `mapping with type ${anyOf(types)}`;
    return [...new Set(options.map((option) => formOf(option) ?? typeOf(option)))].join(" or ");
  }
  switch (schema.type) {
    case "integer":
    case "number":
      return [schema.type === "integer" ? "integer" : "number", limits(schema)].join("");
    case "array":
      return `list of ${schema.items === undefined ? "values" : typeOf(schema.items)}`;
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `mapping of names to ${typeOf(schema.additionalProperties)}`
        : "mapping";
    case undefined:
      return schema.not === undefined ? (schema.title ?? "any value") : "none";
    default:
      return { string: "text", boolean: "true or false" }[schema.type] ?? schema.type;
  }
}

function limits({ minimum, maximum }: JsonSchema): string {
  // Integers without limits have those of a double.
  const isBound = (value?: number): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (isBound(minimum) && isBound(maximum)) return ` from ${minimum} to ${maximum}`;
  if (isBound(minimum)) return ` of at least ${minimum}`;
  return isBound(maximum) ? ` of at most ${maximum}` : "";
}

function optionsOf({ oneOf, anyOf }: JsonSchema): JsonSchema[] {
  return oneOf ?? anyOf ?? [];
}

/** Returns what distinguishes one of several mappings: its `type`, or its only key. */
function formOf({ properties, required }: JsonSchema): string | undefined {
  if (properties === undefined) return undefined;
  const type = properties["type"]?.const;
  if (type !== undefined) return `type: ${String(type)}`;
  const [key, ...others] = required ?? [];
  return key !== undefined && others.length === 0 ? `{${key}: …}` : undefined;
}

/** Returns texts as `a, b or c`. */
function anyOf(texts: readonly unknown[]): string {
  const last = texts.at(-1);
  const others = texts.slice(0, -1);
  return others.length === 0 ? String(last) : `${others.join(", ")} or ${String(last)}`;
}

/** Returns a value as YAML in one line. */
export function inline(value: unknown): string {
  const options = { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 } as const;
  const text = stringify(value, { ...options, defaultStringType: "PLAIN" }).trimEnd();
  // A text of several lines.
  return text.includes("\n") ? JSON.stringify(value) : text;
}

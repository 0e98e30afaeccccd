import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { innerSchema } from "../../config/schema-at";
import { entriesOf, inline } from "./entries";
import type { JsonSchema } from "./json-schema";

/** Folder of the examples, with one file for each page of the reference. */
const folder = resolve(__dirname, "examples");

/** Longest example that the table of a page shows, characters: a SHA-256 checksum with its prefix. */
export const longestCell = 72;

/** One or more configs in a file of the examples, as text and as values. */
export interface Examples {
  /** YAML of each config, as it would be in a stack's file. */
  texts: string[];
  /** The `platform:` keys of each config, without the prefix. */
  values: Record<string, unknown>[];
}

/**
 * Returns the examples of a page of the reference, for example `gateway`.
 * @throws Error if there are none, or if the file cannot be read.
 */
export function examplesOf(page: string): Examples {
  const text = readFileSync(join(folder, `${page}.yaml`), "utf8");
  const documents = parseAllDocuments(text);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) throw new Error(`${page}.yaml: ${error.message}`);
  return {
    texts: text.split(/^---\n/m).map((each) => each.trimEnd()),
    values: documents.map((each) => {
      const { config = {} } = (each.toJS() ?? {}) as { config?: Record<string, unknown> };
      return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace(/^platform:/, ""), value]),
      );
    }),
  };
}

/**
 * Adds an example to each key of a JSON Schema that has no keys of its own. A key takes the first valid one that is short
 * and not its default: of the given values, of its comment, and of the values that the schema itself states.
 * @param values examples of the whole value.
 */
export function addExamples(schema: z.ZodType, json: JsonSchema, values: unknown[]): void {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodObject) {
    for (const [key, field] of Object.entries(inner.shape) as [string, z.ZodType][]) {
      const property = json.properties?.[key];
      if (property === undefined) continue;
      const below = maps(values).flatMap((map) => (Object.hasOwn(map, key) ? [map[key]] : []));
      if (entriesOf(property).length === 0) addExample(field, property, below);
      addExamples(field, property, below);
    }
  } else if (inner instanceof z.ZodRecord) {
    const { additionalProperties } = json;
    if (typeof additionalProperties !== "object") return;
    const below = maps(values).flatMap((map) => Object.values(map));
    addExamples(inner.valueType as z.ZodType, additionalProperties, below);
  } else if (inner instanceof z.ZodArray) {
    const below = values.filter(Array.isArray).flat() as unknown[];
    if (json.items !== undefined) addExamples(inner.element as z.ZodType, json.items, below);
  } else if (inner instanceof z.ZodUnion) {
    inner.options.forEach((option, at) => {
      const other = (json.oneOf ?? json.anyOf)?.[at];
      const own = values.filter((value) => (option as z.ZodType).safeParse(value).success);
      if (other !== undefined) addExamples(option as z.ZodType, other, own);
    });
  }
}

function addExample(field: z.ZodType, json: JsonSchema, given: unknown[]): void {
  const valid = [...given, ...(json.examples ?? []), ...stated(json)].filter(
    (value) => field.safeParse(value).success,
  );
  const short = valid.filter((value) => inline(value).length <= longestCell);
  const example =
    short.find((value) => !isDeepStrictEqual(value, json.default)) ?? short[0] ?? valid[0];
  if (example !== undefined) json.examples = [example];
}

/** Returns the values that a schema itself states. */
function stated({ const: only, enum: several = [], type }: JsonSchema): unknown[] {
  if (only !== undefined) return [only];
  return type === "boolean" ? [true, false] : several;
}

function maps(values: unknown[]): Record<string, unknown>[] {
  return values.filter(
    (value): value is Record<string, unknown> => typeof value === "object" && value !== null,
  );
}

import { parse } from "yaml";
import { z } from "zod";
import { app } from "../../config/app";
import { innerSchema } from "../../config/schema-at";
import { stackSchema } from "../../config/stack";
import { commentsOf, type Comments } from "./comments";
import { addExamples, examplesOf } from "./examples";
import type { JsonSchema } from "./json-schema";

/** Names of the schemas of a stack file and of an app file in `docs/reference/`. */
export const schemaFiles = { stack: "stack.schema.json", app: "app.schema.json" } as const;

const draft = "http://json-schema.org/draft-07/schema#";

/** The schemas of the `platform:` keys in a stack file, and of an app. */
export interface ConfigSchemas {
  stack: JsonSchema;
  app: JsonSchema;
}

/**
 * Returns the JSON Schemas of the config, from the schemas with which the program validates it, and their
 * comments.
 */
export function configSchemas(): ConfigSchemas {
  const comments = commentsOf(stackSchema, "config/stack.ts", "stackSchema");
  const stacks = pagesOf(stackSchema).flatMap((page) => examplesOf(page).values);
  const apps = stacks.flatMap((stack) => Object.values(stack["apps"] ?? {}) as unknown[]);
  return { stack: toJson(stackSchema, comments, stacks), app: toJson(app, comments, apps) };
}

/** Returns the pages of the reference: of the whole stack, of apps, and one for each part. */
function pagesOf({ shape }: typeof stackSchema): string[] {
  const components = innerSchema(shape.components) as z.ZodObject;
  return ["stack", "apps", ...Object.keys(components.shape)];
}

/** Returns the schema of the file `Pulumi.<stack>.yaml`. */
export function stackFileSchema({ properties = {}, required = [] }: JsonSchema): JsonSchema {
  const config = Object.entries(properties).map(([key, value]) => [`platform:${key}`, value]);
  return {
    $schema: draft,
    title: "A stack's file, Pulumi.<stack>.yaml",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(config) as Record<string, JsonSchema>,
        required: required.map((key) => `platform:${key}`),
        // Other keys belong to the engine's providers.
        propertyNames: {
          anyOf: [{ enum: config.map(([key]) => key) }, { not: { pattern: "^platform:" } }],
        },
      },
    },
    required: ["config"],
  };
}

/** Returns the schema of a stack from that of its file. */
export function partOfFileSchema({ properties }: JsonSchema): JsonSchema {
  const config = properties?.["config"];
  const keys = Object.entries(config?.properties ?? {});
  return {
    type: "object",
    properties: Object.fromEntries(
      keys.map(([key, value]) => [key.replace(/^platform:/, ""), value]),
    ),
    required: config?.required?.map((key) => key.replace(/^platform:/, "")),
  };
}

/** Returns the schema of the file `apps/<environment>/<app>.yaml`. */
export function appFileSchema(schema: JsonSchema): JsonSchema {
  return { $schema: draft, title: "An app's file, apps/<environment>/<app>.yaml", ...schema };
}

function toJson(schema: z.ZodType, comments: Comments, examples: unknown[]): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-7",
    reused: "inline",
    unrepresentable: "any",
  });
  // Equal parts are the same object, but each place has its own description.
  const copy = JSON.parse(JSON.stringify(json)) as JsonSchema;
  delete copy.$schema;
  describe(schema, copy, comments);
  addExamples(schema, copy, examples);
  return copy;
}

/** Adds the comments of a schema's keys to its JSON Schema, with the defaults and examples in them. */
function describe(schema: z.ZodType, json: JsonSchema, comments: Comments): void {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodObject) {
    const texts = comments.get(inner) ?? {};
    for (const [key, field] of Object.entries(inner.shape)) {
      const property = json.properties?.[key];
      if (property === undefined) continue;
      const { text = "", default: value, example } = texts[key] ?? {};
      if (text !== "") property.description = text;
      if (value !== undefined) property.default = parse(value);
      else if (field instanceof z.ZodDefault) property.default ??= field.def.defaultValue;
      if (example !== undefined) property.examples = [parse(example)];
      describe(field as z.ZodType, property, comments);
    }
  } else if (inner instanceof z.ZodRecord) {
    const { additionalProperties } = json;
    if (typeof additionalProperties !== "object") return;
    describe(inner.valueType as z.ZodType, additionalProperties, comments);
  } else if (inner instanceof z.ZodArray) {
    if (json.items !== undefined) describe(inner.element as z.ZodType, json.items, comments);
  } else if (inner instanceof z.ZodUnion) {
    inner.options.forEach((option, at) => {
      const other = (json.oneOf ?? json.anyOf)?.[at];
      if (other !== undefined) describe(option as z.ZodType, other, comments);
    });
  }
}

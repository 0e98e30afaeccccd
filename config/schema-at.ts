import { z } from "zod";

/**
 * Returns the schema of the value at a path; undefined if the schema has nothing there.
 * @param input the whole value, which decides between the options of a union.
 */
export function schemaAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  input?: unknown,
): z.ZodType | undefined {
  let [current, value]: [z.ZodType | undefined, unknown] = [schema, input];
  for (const part of path) {
    current = current && child(innerSchema(current), part, value);
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  }
  return current;
}

/** Returns the keys that a schema names; empty if it allows none, or any. */
export function knownKeys(schema: z.ZodType | undefined): string[] {
  const object = schema && innerSchema(schema);
  if (object instanceof z.ZodObject) {
    const shape = Object.entries(object.shape) as [string, z.ZodType][];
    return shape
      .filter(([, field]) => !(innerSchema(field) instanceof z.ZodNever))
      .map(([key]) => key);
  }
  if (object instanceof z.ZodRecord && object.keyType instanceof z.ZodEnum) {
    return object.keyType.options.map(String);
  }
  if (object instanceof z.ZodUnion) {
    return [...new Set(object.options.flatMap((option) => knownKeys(option as z.ZodType)))];
  }
  return [];
}

/** Returns a schema without the parts that make its value optional, set its default or transform it. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return innerSchema(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) {
    // z.preprocess() puts the transformation in front of the schema, transform() after it.
    return innerSchema((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType);
  }
  return schema;
}

function child(schema: z.ZodType, part: PropertyKey, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(part)] as z.ZodType | undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodUnion) {
    const options = schema.options.map((option) => innerSchema(option as z.ZodType));
    const fitting = options.filter((option) => isSelected(option, value));
    return [...fitting, ...options]
      .map((option) => child(option, part, value))
      .find((option) => option !== undefined);
  }
  return undefined;
}

/** Whether a value has the literals of an option, such as its `type`. */
function isSelected(option: z.ZodType, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || typeof value !== "object" || value === null) return false;
  const literals = Object.entries(option.shape).filter(
    ([, field]) => field instanceof z.ZodLiteral,
  );
  return (
    literals.length > 0 &&
    literals.every(
      ([key, field]) => (value as Record<string, unknown>)[key] === (field as z.ZodLiteral).value,
    )
  );
}

type Json = Record<string, unknown>;

/**
 * Keywords of an OpenAPI schema, as CRDs use them, whose values are one schema, schemas by name, or a list of schemas.
 */
const keywords = {
  one: ["items", "additionalProperties", "not"],
  named: ["properties"],
  listed: ["allOf", "anyOf", "oneOf"],
} as const;

/**
 * Returns a CRD without the `description` fields of its schemas. They are three quarters of a CRD; the engine writes
 * its whole state after each step, and the plugin gets each object in each preview
 * (docs/decisions/crd-descriptions.md). Only `kubectl explain` uses them.
 */
export function withoutDescriptions<Definition extends object>(definition: Definition): Definition {
  const { spec } = definition as { spec?: { versions?: { schema?: Json }[] } };
  if (spec?.versions === undefined) return definition;
  const versions = spec.versions.map((version) => {
    const schema = version.schema?.["openAPIV3Schema"];
    if (schema === undefined) return version;
    return {
      ...version,
      schema: { ...version.schema, openAPIV3Schema: schemaWithoutDescriptions(schema) },
    };
  });
  return { ...definition, spec: { ...spec, versions } };
}

function schemaWithoutDescriptions(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const result: Json = { ...schema };
  delete result["description"];
  for (const key of keywords.one) {
    if (key in result) result[key] = schemaWithoutDescriptions(result[key]);
  }
  for (const key of keywords.named) {
    const named = result[key];
    if (typeof named !== "object" || named === null) continue;
    result[key] = Object.fromEntries(
      Object.entries(named).map(([name, value]) => [name, schemaWithoutDescriptions(value)]),
    );
  }
  for (const key of keywords.listed) {
    const listed = result[key];
    if (Array.isArray(listed)) result[key] = listed.map(schemaWithoutDescriptions);
  }
  return result;
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleFolder } from "../../local/toolchain/go-module";
import { localFolder } from "../../local/toolchain/paths";
import { kubernetes } from "../../local/toolchain/tools";

/** A JSON schema, restricted to the fields that are used here. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  pattern?: string;
  required?: string[];
  nullable?: boolean;
  definitions?: Record<string, Schema>;
  "x-kubernetes-group-version-kind"?: Kind[];
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
}

interface Kind {
  group: string;
  version: string;
  kind: string;
}

interface Definition {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema?: { openAPIV3Schema?: Schema } }[];
  };
}

const prefix = "#/definitions/";
const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const intOrString: Schema = { anyOf: [{ type: "integer" }, { type: "string" }] };

/** A quantity; the pattern is that of the API server's generated schemas. */
const quantity: Schema = {
  anyOf: [
    { type: "number" },
    {
      type: "string",
      pattern:
        "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
    },
  ],
};

/** Types with custom serialization, whose schemas do not describe their format. */
const ownForms: Record<string, Schema> = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": intOrString,
  "io.k8s.apimachinery.pkg.api.resource.Quantity": quantity,
};

/**
 * Writes a strict JSON schema for every Kubernetes kind, from the OpenAPI document of its source, and for every kind of
 * the pinned CRDs in `.local/crds/`.
 * @returns their location for kubeconform's `-schema-location`.
 */
export async function writeSchemas(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const source = await moduleFolder("k8s.io/kubernetes", `v${kubernetes}`);
  const api = JSON.parse(
    readFileSync(join(source, "api", "openapi-spec", "swagger.json"), "utf8"),
  ) as { definitions: Record<string, Schema> };
  const definitions = Object.fromEntries(
    Object.entries(api.definitions).map(([name, schema]) => [
      name,
      ownForms[name] ?? strict(schema),
    ]),
  );
  const write = (kind: Kind, schema: Schema) =>
    writeFileSync(
      join(folder, fileOf(kind)),
      JSON.stringify({ ...ofKind(schema, kind), definitions: reachable(schema, definitions) }),
    );
  for (const [name, schema] of Object.entries(api.definitions)) {
    // Kinds that several groups share, such as DeleteOptions, are not objects.
    const [kind, ...others] = schema["x-kubernetes-group-version-kind"] ?? [];
    if (kind !== undefined && others.length === 0) write(kind, definitions[name] ?? {});
  }
  for (const { spec } of customDefinitions()) {
    for (const { name: version, schema } of spec.versions) {
      write(
        { group: spec.group, version, kind: spec.names.kind },
        customKind(schema?.openAPIV3Schema ?? {}),
      );
    }
  }
  return join(folder, "{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json");
}

/** The file name of kubeconform's template, which contains the version instead of the group for core kinds. */
function fileOf({ group, version, kind }: Kind): string {
  return `${group || version}_${version}_${kind.toLowerCase()}.json`;
}

function ofKind(schema: Schema, { group, version, kind }: Kind): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: "string", enum: [group === "" ? version : `${group}/${version}`] },
      kind: { type: "string", enum: [kind] },
    },
    required: [...new Set(["apiVersion", "kind", ...(schema.required ?? [])])],
  };
}

function customDefinitions(): Definition[] {
  const folder = join(localFolder, "crds");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const list = JSON.parse(readFileSync(join(folder, file), "utf8")) as { items: Definition[] };
      return list.items;
    });
}

/** The CRD of a kind omits the fields that every kind has. */
function customKind(schema: Schema): Schema {
  const { properties, ...rest } = schema;
  return strict({
    ...rest,
    properties: { ...properties, metadata: { $ref: prefix + objectMeta } },
  });
}

/** Returns the same schema without additional properties. */
function strict(schema: Schema): Schema {
  if (schema.$ref !== undefined) return { $ref: schema.$ref };
  if (schema["x-kubernetes-int-or-string"] === true) return intOrString;
  const { properties, additionalProperties, items } = schema;
  const result: Schema = { ...schema };
  if (schema.nullable === true && typeof schema.type === "string") {
    result.type = [schema.type, "null"];
  }
  if (items !== undefined) result.items = strict(items);
  if (typeof additionalProperties === "object") {
    result.additionalProperties = strict(additionalProperties);
  }
  if (properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, strict(property)]),
    );
    const open =
      schema["x-kubernetes-preserve-unknown-fields"] === true ||
      schema["x-kubernetes-embedded-resource"] === true;
    if (additionalProperties === undefined && !open) result.additionalProperties = false;
  }
  return result;
}

/** Returns the definitions that a schema refers to, directly or indirectly. */
function reachable(schema: Schema, all: Record<string, Schema>): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const visit = (part: Schema): void => {
    const name = part.$ref?.slice(prefix.length);
    if (name !== undefined && found[name] === undefined) {
      const target = all[name];
      if (target === undefined) throw new Error(`The API describes no type ${name}.`);
      found[name] = target;
      visit(target);
    }
    for (const property of Object.values(part.properties ?? {})) visit(property);
    if (part.items !== undefined) visit(part.items);
    if (typeof part.additionalProperties === "object") visit(part.additionalProperties);
  };
  visit(schema);
  return found;
}

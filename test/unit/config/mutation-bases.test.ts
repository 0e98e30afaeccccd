import assert from "node:assert/strict";
import { z } from "zod";
import { innerSchema } from "../../../config/schema-at";
import { stackShape } from "../../../config/stack";
import { bases } from "../../support/mutations/bases";
import { Mutations } from "../../support/mutations/mutate";
import { Random } from "../../support/mutations/random";

/**
 * Keys about files, which do not exist here: app files, and objects that another tool renders. Transforms set any field to
 * any value, which only the API server can judge, in a preview.
 */
const others = [
  "components.charts",
  ...(
    "repository chart version digest values valuesFiles hooks formerly team namespace podSecurity network " +
    "clusterKinds"
  )
    .split(" ")
    .map((key) => `components.charts.*.${key}`),
  "components.manifests.*.kustomization",
  "appFiles",
  ...["transforms", "transforms.*.set", "transforms.*.reason"],
];

/** A schema with all values at its place; a shared schema, for example that of resources, has many places. */
type Found = Map<z.ZodType, { path: string; values: unknown[] }>;

function find(schema: z.ZodType, values: unknown[], path: string, found: Found): Found {
  const own = innerSchema(schema);
  const known = found.get(own);
  if (known === undefined) found.set(own, { path, values: [...values] });
  else known.values.push(...values);
  for (const [key, inner, below] of children(own, values)) {
    find(inner, below, path === "" ? key : `${path}${key && `.${key}`}`, found);
  }
  return found;
}

/** Returns the direct parts of a schema with the corresponding values; `*` is any name or index. */
function children(own: z.ZodType, values: unknown[]): [string, z.ZodType, unknown[]][] {
  if (own instanceof z.ZodUnion) {
    return own.options.map((option) => ["", option as z.ZodType, values]);
  }
  if (own instanceof z.ZodObject) {
    return Object.entries(own.shape).map(([key, inner]) => {
      const below = maps(values).flatMap((map) => (Object.hasOwn(map, key) ? [map[key]] : []));
      return [key, inner as z.ZodType, below];
    });
  }
  const record = own instanceof z.ZodRecord ? own.valueType : undefined;
  const inner = own instanceof z.ZodArray ? own.element : record;
  return inner === undefined
    ? []
    : [["*", inner as z.ZodType, maps(values).flatMap(Object.values)]];
}

/** Returns the keys of a config that none of the given configs has. */
function missing(values: unknown[]): string[] {
  const found = find(z.strictObject(stackShape), values, "", new Map());
  return [...found].flatMap(([schema, { path, values: all }]) =>
    schema instanceof z.ZodObject
      ? Object.keys(schema.shape)
          .filter((key) => !maps(all).some((map) => Object.hasOwn(map, key)))
          .map((key) => (path === "" ? key : `${path}.${key}`))
      : [],
  );
}

function maps(values: unknown[]): Record<string, unknown>[] {
  return values.filter((value) => typeof value === "object" && value !== null) as Record<
    string,
    unknown
  >[];
}

describe("the configs that mutations start from", () => {
  const values = bases.map((base) => base.values);

  it("contain every possible key, so that each is mutated", () => {
    assert.deepEqual(missing(values).sort(), [...others].sort());
  });

  it("would be detected: a key that is in none of them", () => {
    const some = bases.filter(({ name }) => name !== "keda").map((base) => base.values);
    assert.deepEqual(missing(some).sort(), [...others, "components.autoscaling.keda.crds"].sort());
  });
});

describe("mutations", () => {
  /** Kinds of mistakes that were accepted once, each by what an edit of it puts where. */
  const kinds: Record<string, (edit: string) => boolean> = {
    "a variable that every container has": (edit) => /"(secretE|e)nv".*"POD_NAME"/.test(edit),
    "a secret variable that the preset sets": (edit) => /"secretEnv".*"NODE_ENV"/.test(edit),
    "a secret variable that tracing sets": (edit) => /"secretEnv".*"OTEL_/.test(edit),
    "a limit of disk below the request that nobody wrote": (edit) =>
      /initContainers.*limits","ephemeral-storage"\],"value":"(32|63)Mi"/.test(edit),
    "a file below a file": (edit) => /configFiles".*other\.conf\/x/.test(edit),
    "a time with no more pods than at all others": (edit) =>
      /"times",0,"min"\],"value":[12]\}/.test(edit),
  };

  it("make every kind of mistake that was once accepted", () => {
    const parts: [base: string, keys: string[]][] = [
      ["pods", ["env", "secretEnv", "configFiles", "initContainers"]],
      ["routes", ["scaling"]],
    ];
    // Only what the kinds are about, so that few are needed.
    const small = parts.map(([of, keys]) => {
      const values = bases.find(({ name }) => name === of)?.values as { apps: { shop: object } };
      const shop = Object.entries(values.apps.shop).filter(([key]) => keys.includes(key));
      return { name: of, values: { apps: { shop: Object.fromEntries(shop) } } };
    });
    const mutations = new Mutations(small, new Random(5));
    const missing = new Set(Object.keys(kinds));
    for (let made = 0; made < 50_000 && missing.size > 0; made++) {
      for (const edit of mutations.next().edits) {
        const text = JSON.stringify(edit);
        for (const kind of missing) if (kinds[kind]?.(text) === true) missing.delete(kind);
      }
    }
    assert.deepEqual([...missing], []);
  });
});

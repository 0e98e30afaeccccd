import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { entriesOf } from "../../../../cli/config/entries";
import { examplesOf, longestCell } from "../../../../cli/config/examples";
import { explain, explanationText } from "../../../../cli/config/explain";
import { referenceFiles } from "../../../../cli/config/reference";
import type { JsonSchema } from "../../../../cli/config/json-schema";
import { configSchemas, type ConfigSchemas } from "../../../../cli/config/schema";
import { plain, presets } from "../../../../config/app/presets";
import { defaultStorageRequest } from "../../../../config/amounts";
import { innerSchema } from "../../../../config/schema-at";
import { stackShape, stackSchema } from "../../../../config/stack";

/** A key of the config with its schema, and what the reference knows about it. */
interface Key {
  path: string;
  field: z.ZodType;
  json: JsonSchema;
  required: boolean;
}

/** Returns every key below a schema. */
function keysOf(schema: z.ZodType, json: JsonSchema, path = ""): Key[] {
  const inner = innerSchema(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, field]) => {
      const property = json.properties?.[name];
      if (property === undefined || property.not !== undefined) return [];
      const key = path === "" ? name : `${path}.${name}`;
      const required = json.required?.includes(name) ?? false;
      return [{ path: key, field, json: property, required }, ...keysOf(field, property, key)];
    });
  }
  if (inner instanceof z.ZodRecord) {
    const { additionalProperties: each } = json;
    return typeof each === "object" ? keysOf(inner.valueType as z.ZodType, each, `${path}.*`) : [];
  }
  if (inner instanceof z.ZodArray) {
    const { items } = json;
    return items === undefined ? [] : keysOf(inner.element as z.ZodType, items, `${path}[]`);
  }
  if (!(inner instanceof z.ZodUnion)) return [];
  return inner.options.flatMap((option, at) => {
    const form = (json.oneOf ?? json.anyOf)?.[at];
    return form === undefined ? [] : keysOf(option as z.ZodType, form, path);
  });
}

/** Words that say what happens without a key. */
const withoutKey = /\bDefault\b|\bWithout\s+it\b|by\s+default\b|\bOmit\s+(it|them)\b/;

/** A value that the checks across keys refuse is no example. */
const equalToDefault = ["components.artifacts.replicas"];

describe("the reference of each key", function () {
  // The compiler reads every type of the config once, which takes long.
  this.timeout(120_000);
  let schemas: ConfigSchemas;
  let keys: Key[];
  before(() => {
    schemas = configSchemas();
    keys = keysOf(stackSchema, schemas.stack);
    assert.ok(keys.length > 900, String(keys.length));
  });

  it("has an example that the key's own schema accepts", () => {
    const isValid = ({ field, json }: Key) =>
      json.examples?.length === 1 && field.safeParse(json.examples[0]).success;
    const leaves = keys.filter(({ json }) => entriesOf(json).length === 0);
    assert.ok(leaves.length > 600, String(leaves.length));
    assert.deepEqual(
      leaves.filter((key) => !isValid(key)).map(({ path }) => path),
      [],
    );
  });

  it("has an example that differs from the default, except where there is only one value", () => {
    const equal = keys.filter(
      ({ json }) =>
        json.examples !== undefined &&
        JSON.stringify(json.examples[0]) === JSON.stringify(json.default),
    );
    assert.deepEqual([...new Set(equal.map(({ path }) => path))], equalToDefault);
  });

  it("has a default for an optional key, or says what happens without it", () => {
    // The parts have no default: those that a stack does not list are not declared.
    const unexplained = keys.filter(
      ({ path, json, required }) =>
        !required &&
        json.default === undefined &&
        !withoutKey.test(json.description ?? "") &&
        !/^components\.\w+$/.test(path),
    );
    assert.deepEqual(
      unexplained.map(({ path }) => path),
      [],
    );
    assert.match(schemas.stack.properties?.["components"]?.description ?? "", /not declared/);
  });

  it("has defaults that are valid", () => {
    // A key with `prefault` may have a default without its required keys only if these have defaults as well.
    const invalid = keys.filter(
      ({ field, json }) => json.default !== undefined && !field.safeParse(json.default).success,
    );
    assert.deepEqual(
      invalid.map(({ path }) => path),
      [],
    );
  });

  it("states the defaults that the program sets", () => {
    const at = (key: string) => explain(schemas.stack, key);
    const all = [plain, ...Object.values(presets)];
    assert.deepEqual(new Set(all.map(({ port }) => port)), new Set([at("apps.*.port").default]));
    const { requests, limits } = plain.resources;
    assert.equal(
      at("apps.*.resources").meaning?.replace(/\s+/g, " "),
      `CPU, memory and disk of the app's container. Default: those of the preset; without a preset, requests of ${requests.cpu} and ${requests.memory}, and limits of ${limits.cpu} CPU and ${limits.memory}.`,
    );
    for (const kind of ["readiness", "liveness", "startup"] as const) {
      const { path, periodSeconds, failureThreshold } = plain.probes[kind];
      const text = `\`GET ${path}\` every ${periodSeconds} s, and ${failureThreshold} failures.`;
      const { meaning = "" } = at(`apps.*.probes.${kind}`);
      assert.ok(meaning.replace(/\s+/g, " ").includes(text), meaning);
    }
    const disk = at("apps.*.resources.requests.ephemeral-storage").default;
    assert.equal(disk, defaultStorageRequest);
  });

  it("is about that key, and not about another one with the same name", () => {
    const meaning = (key: string) => explain(schemas.stack, `components.${key}`).meaning ?? "";
    for (const ui of ["harbor", "grafana", "dashboard"]) {
      assert.match(
        meaning(`gateway.allow.${ui}`),
        /^Client addresses that may open .+`default`\.$/,
      );
    }
    assert.match(meaning("artifacts.database"), /H2, .+ PostgreSQL server/);
    assert.match(meaning("registry.database"), /a pod in this cluster, or an external server/);
  });

  it("is in the table of its page, and in the terminal", () => {
    const { "gateway.md": page = "" } = referenceFiles(schemas);
    assert.match(
      page,
      /^\| `allow\.grafana` \| list of text \| {2}\| `\[10\.0\.0\.0\/8, [^|]+\]` \| Client/m,
    );
    const text = explanationText(explain(schemas.stack, "apps.shop.scaling"));
    assert.match(text, /^ {2}min \(integer from 1 to 200, default 2, example 4\)\n/m);
    const leaf = explanationText(explain(schemas.stack, "apps.shop.port"));
    assert.match(leaf, /\ntype: integer from 1024 to 65535\ndefault: 8080\nexample: 3000$/);
  });

  it("fits into the table", () => {
    const long = entriesOf(schemas.stack).filter(
      ({ example = "" }) => example.length > longestCell,
    );
    assert.deepEqual(
      long.map(({ key }) => key),
      [],
    );
  });
});

describe("the examples of the reference's pages", () => {
  const pages = readdirSync("cli/config/examples").map((file) => file.replace(/\.yaml$/, ""));

  it("are one file for each page", () => {
    const parts = Object.keys((innerSchema(stackShape.components) as z.ZodObject).shape);
    assert.deepEqual(pages.sort(), ["apps", "stack", ...parts].sort());
  });

  for (const page of pages) {
    it(`are valid: ${page}`, () => {
      const { texts, values } = examplesOf(page);
      assert.equal(texts.length, values.length);
      const some = z.strictObject(stackShape).partial();
      for (const value of values) {
        const { error } = some.safeParse(value);
        assert.equal(error && z.prettifyError(error), undefined);
        const shown = { ...value, ...(value["components"] as object) };
        assert.ok(page === "stack" || Object.hasOwn(shown, page), page);
      }
    });

    it(`name no real host, and contain no secret text: ${page}`, () => {
      const text = readFileSync(`cli/config/examples/${page}.yaml`, "utf8");
      const hosts = text.match(/(?<=\/\/|@)[a-z0-9.-]+\.[a-z]{2,}/g) ?? [];
      const fictional = /(^|\.)example\.com$|\.svc$/;
      assert.deepEqual(
        hosts.filter((host) => !fictional.test(host)),
        [],
      );
      assert.doesNotMatch(
        text,
        /^\s*(password|secretKey|accessKey|key): [^{\n]*[A-Za-z0-9+/]{20}/m,
      );
    });
  }
});

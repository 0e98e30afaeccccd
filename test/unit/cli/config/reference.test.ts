import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { explain, explanationText } from "../../../../cli/config/explain";
import { entriesOf } from "../../../../cli/config/entries";
import { outdated, referenceFiles, referenceFolder } from "../../../../cli/config/reference";
import { configSchemas, schemaFiles, type ConfigSchemas } from "../../../../cli/config/schema";
import { stackFile, stacks } from "../../../../config/stack-file";
import { readYaml } from "../../../../config/yaml";
import { newAppText } from "../../../../cli/apps/new-text";
import { parse } from "yaml";

describe("the reference of the config", function () {
  // The compiler reads every type of the config once, which takes long.
  this.timeout(120_000);
  let schemas: ConfigSchemas;
  before(() => {
    schemas = configSchemas();
  });

  it("matches the schemas and their comments; npx platform config reference writes it", () => {
    assert.deepEqual(outdated(referenceFiles(schemas)), []);
  });

  it("is outdated if a file is missing or was changed", () => {
    const files = referenceFiles(schemas);
    files["apps.md"] += "x";
    files["new.md"] = "x";
    assert.deepEqual(
      outdated(files),
      ["apps.md", "new.md"].map((it) => join(referenceFolder, it)),
    );
  });

  it("has a meaning for every key", () => {
    const entries = entriesOf(schemas.stack);
    assert.ok(entries.length > 700, String(entries.length));
    assert.deepEqual(
      entries.filter(({ meaning }) => meaning === "").map(({ key }) => key),
      [],
    );
  });

  it("has a row for every key on its page", () => {
    const files = referenceFiles(schemas);
    for (const { key } of entriesOf(schemas.stack)) {
      const [first, part = ""] = key.split(".");
      const isPart = first === "components" && part !== "";
      const isApp = first === "apps" && part !== "";
      if ((first === "components" || first === "apps") && key.split(".").length < 3) continue;
      const [page, rest] = isPart
        ? [`${part}.md`, key.split(".").slice(2).join(".")]
        : isApp
          ? ["apps.md", key.split(".").slice(2).join(".")]
          : ["stack.md", key];
      assert.ok(files[page]?.includes(`| \`${rest}\` |`), `${key} on ${page}`);
    }
  });

  describe("as schemas for editors", () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(join(referenceFolder, name), "utf8")) as object;
    const validator = (name: string) => {
      const ajv = new Ajv({ allErrors: true, format: false });
      const validate = ajv.compile(read(name));
      return (value: unknown) => {
        void validate(value);
        return (validate.errors ?? []).map(
          ({ dataPath, message }) => `${dataPath} ${message ?? ""}`,
        );
      };
    };

    it("accepts every stack file of this repository", () => {
      const errors = validator(schemaFiles.stack);
      for (const stack of stacks()) {
        assert.deepEqual(errors(readYaml(stackFile(stack)).document.toJS()), [], stack);
      }
    });

    it("refuses a misspelt key of every stack's file, and accepts keys of providers", () => {
      const errors = validator(schemaFiles.stack);
      for (const stack of stacks()) {
        const { config } = readYaml(stackFile(stack)).document.toJS() as { config: object };
        for (const key of Object.keys(config).filter((name) => name.startsWith("platform:"))) {
          // Next to the right key, because without it a required key is missing.
          const found = errors({ config: { ...config, [`${key}x`]: {} } });
          assert.ok(found.includes(`.config property name '${key}x' is invalid`), found.join());
        }
        assert.deepEqual(errors({ config: { ...config, "kubernetes:context": "dev" } }), []);
      }
    });

    it("accepts the file that npx platform apps new writes, and finds a mistake in it", () => {
      const text = newAppText({
        app: "shop",
        environment: "prod",
        team: "commerce",
        preset: "node",
        domain: "shop.example.com",
        image: "harbor.example.com/commerce/shop",
      });
      const errors = validator(schemaFiles.app);
      assert.deepEqual(errors(parse(text)), []);
      assert.match(text, /^# yaml-language-server: \$schema=\S+app\.schema\.json\n/);
      assert.deepEqual(errors({ ...(parse(text) as object), scaling: { min: 0 }, prot: 1 }), [
        " should NOT have additional properties",
        ".scaling.min should be >= 1",
      ]);
    });
  });

  describe("in a terminal", () => {
    it("prints a key with its meaning, type, default and an example", () => {
      assert.equal(
        explanationText(explain(schemas.stack, "platform:components.gateway.replicas")),
        "platform:components.gateway.replicas\n\nNumber of pods.\n\ntype: integer from 1 to 50\ndefault: 2\nexample: 3",
      );
    });

    it("prints the keys of every form that a value may have", () => {
      const text = explanationText(explain(schemas.stack, "components.gateway.exposure"));
      for (const line of [
        "type: mapping with type NodePort, LoadBalancer or HostPort",
        "  http (integer from 30000 to 32767, default 30080, example 31080)",
        "  http (integer from 1 to 65535, default 80, example 8080)",
      ]) {
        assert.ok(text.split("\n").includes(line), line);
      }
    });

    it("shows what names and numbers mean", () => {
      const bodies = ["apps.shop.initContainers[0].image", "apps.*.initContainers.*.image"].map(
        (key) => explanationText(explain(schemas.stack, key)).split("\n").slice(1),
      );
      assert.deepEqual(bodies[0], bodies[1]);
      assert.ok(bodies[0]?.includes("type: text"));
    });

    it("explains every key of the reference as the reference writes it", () => {
      for (const { key, type } of entriesOf(schemas.stack)) {
        const explained = explain(schemas.stack, key);
        assert.equal(explained.key, `platform:${key}`);
        assert.ok(explained.type.includes(type), `${key}: ${explained.type}`);
      }
    });

    it("distinguishes a secret text, which may be encrypted, from any value", () => {
      const typeAt = (key: string) => explain(schemas.stack, key).type;
      assert.equal(typeAt("components.charts.*.values"), "mapping of names to any value");
      assert.equal(typeAt("components.storage.ceph.rbd.user.key"), "text");
      assert.match(typeAt("components.registry.external"), /^mapping or none$/);
    });

    it("names the existing keys if a key does not exist", () => {
      assert.throws(
        () => explain(schemas.stack, "apps.shop.scaling.maximum"),
        /^Error: platform:apps\.shop\.scaling\.maximum: expected a key of platform:apps\.shop\.scaling: min, max, [\w, ]+, got "maximum"$/,
      );
      assert.throws(
        () => explain(schemas.stack, "constructor"),
        /expected a key of platform: environment/,
      );
    });
  });
});

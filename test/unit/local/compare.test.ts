import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { parseStack } from "../../../config/read";
import { differences } from "../../../local/compare/differences";
import { applied, edits, type Config } from "../../../local/compare/edits";
import { comparable, type LiveObject } from "../../../local/compare/objects";
import { linkOfficial } from "../../../local/compare/official";
import { comparablePlan, stepsIn } from "../../../local/compare/plans";
import { seedOf } from "../../../local/compare/seed";
import { checkout } from "../../../local/toolchain/paths";
import { plugins } from "../../../local/toolchain/plugins";

describe("the comparison of plugins", () => {
  describe("of values", () => {
    it("names each leaf that differs", () => {
      const one = { a: { b: [1, { c: "x" }] }, d: 1 };
      assert.deepEqual(differences(one, one), []);
      assert.deepEqual(differences(one, { a: { b: [1, { c: "y" }] } }), [
        '/a/b/1/c: stand-in "x", official "y"',
        "/d: stand-in 1, official nothing",
      ]);
      assert.deepEqual(differences({ a: [1] }, { a: [1, 2] }), [
        "/a: stand-in [1], official [1,2]",
      ]);
    });
  });

  describe("of objects", () => {
    const object = (more: object, manager = "pulumi-kubernetes-1a2b3c4d"): LiveObject => ({
      apiVersion: "v1",
      kind: "Service",
      ...more,
      metadata: { name: "a", namespace: "n", uid: "1", managedFields: [{ manager }] },
    });

    it("omits what Pulumi did not create, and what differs between any two clusters", () => {
      const found = comparable([
        object({ spec: { clusterIP: "10.0.0.1", type: "NodePort", ports: [{ nodePort: 30080 }] } }),
        object({ kind: "Pod" }, "kube-controller-manager"),
      ]);
      assert.deepEqual(found, {
        "v1 Service n a": {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "a", namespace: "n", annotations: {} },
          spec: { type: "NodePort", ports: [{ nodePort: 30080 }] },
        },
      });
    });
  });

  describe("of plans", () => {
    const urn = "urn:pulumi:dev::platform::kubernetes:core/v1:Service::a";
    const same = { op: "same", urn };
    const update = {
      op: "update",
      urn,
      replaceReasons: null,
      detailedDiff: { "spec.type": { kind: "update", inputDiff: false } },
    };

    it("keeps each change with its fields and its reasons", () => {
      assert.deepEqual(comparablePlan([same, update]), {
        "update kubernetes:core/v1:Service a": { because: [], fields: { "spec.type": "update" } },
      });
    });

    it("finds the plan after a warning, and says what it found if there is none", () => {
      assert.deepEqual(stepsIn(`warning: x\n${JSON.stringify({ steps: [same] })}`), [same]);
      assert.throws(() => stepsIn("error: y"), /expected a plan as JSON, got error: y/);
    });
  });

  it("begins with random values only, so that both sides declare the same", () => {
    const resource = (type: string, custom = true) => ({ urn: `u::${type}`, type, custom });
    const random = {
      ...resource("random:index/randomPassword:RandomPassword"),
      dependencies: ["u::kubernetes:core/v1:Secret", "u::platform:ci:Jenkins"],
      propertyDependencies: { length: null, keepers: ["u::kubernetes:core/v1:Secret"] },
    };
    const { deployment } = seedOf({
      version: 3,
      deployment: {
        resources: [
          { ...resource("pulumi:pulumi:Stack", false), outputs: { releases: {} } },
          resource("pulumi:providers:kubernetes"),
          resource("pulumi:providers:random"),
          resource("platform:ci:Jenkins", false),
          resource("kubernetes:core/v1:Secret"),
          random,
        ],
      },
    });
    assert.deepEqual(
      deployment.resources?.map(({ type, outputs }) => [type, outputs]),
      [
        ["pulumi:pulumi:Stack", {}],
        ["pulumi:providers:random", undefined],
        ["platform:ci:Jenkins", undefined],
        ["random:index/randomPassword:RandomPassword", undefined],
      ],
    );
    const kept = deployment.resources?.at(-1);
    assert.deepEqual(kept?.dependencies, ["u::platform:ci:Jenkins"]);
    assert.deepEqual(kept.propertyDependencies, { length: [], keepers: [] });
  });

  describe("with official plugins", () => {
    let root: string;
    beforeEach(() => (root = mkdtempSync(join(tmpdir(), "official-"))));
    afterEach(() => rmSync(root, { recursive: true }));

    /** Creates a stub of a plugin: a program with its name. */
    function stub(name: string): void {
      mkdirSync(join(root, "bin"), { recursive: true });
      writeFileSync(join(root, "bin", name), "#!/bin/sh\n", { mode: 0o755 });
    }

    it("links each of them, and names those that are missing", () => {
      const places = { path: join(root, "bin"), installed: join(root, "installed") };
      const folder = join(root, "links");
      for (const name of Object.keys(plugins).slice(1)) stub(name);
      assert.throws(
        () => linkOfficial(folder, places),
        /^Error: expected the official plugins, got none for pulumi-language-nodejs\. /,
      );
      stub("pulumi-language-nodejs");
      linkOfficial(folder, places);
      assert.deepEqual(readdirSync(folder).sort(), Object.keys(plugins).sort());
    });
  });

  describe("has ten edits, of which", () => {
    const dev = () =>
      (parse(readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8")) as { config: Config }).config;

    it("two are applied", () => {
      assert.equal(edits.length, 10);
      const names: readonly string[] = edits.map(({ name }) => name);
      assert.equal(applied.filter((name) => names.includes(name)).length, 2);
    });

    for (const { name, change } of edits) {
      it(`the dev stack allows ${name}`, () => {
        const edited = dev();
        change(edited);
        assert.notDeepEqual(edited, dev());
        const values = Object.entries(edited).map(([key, it]) => [key.split(":")[1] ?? "", it]);
        parseStack("dev", Object.fromEntries(values) as Record<string, unknown>);
      });
    }
  });
});

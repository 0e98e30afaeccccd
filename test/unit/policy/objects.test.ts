import assert from "node:assert/strict";
import type { Policy } from "../../../policy/rule";
import { objectRules } from "../../../policy/rules";
import { workload } from "./objects";
import { type Examples, image } from "./examples/builders";
import { podExamples } from "./examples/pods";
import { imageExamples } from "./examples/images";
import { networkExamples } from "./examples/network";
import { namespaceExamples } from "./examples/namespaces";

const policy: Policy = {
  environment: "online",
  registries: ["harbor.example.com/shop", "docker.io/library", "localhost:5000"],
  nodePorts: { min: 30_000, max: 32_767 },
  digests: "required",
};

const examples: Record<string, Examples> = {
  ...podExamples,
  ...imageExamples,
  ...networkExamples,
  ...namespaceExamples,
};

describe("rules about objects", () => {
  it("have examples and a unique name", () => {
    const ids = objectRules.map(({ id }) => id);
    assert.deepEqual(Object.keys(examples).sort(), [...new Set(ids)].sort());
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const rule of objectRules) {
    const { passes, fails } = examples[rule.id] ?? { passes: [], fails: [] };
    it(`${rule.id} accepts objects that keep it`, () => {
      assert.ok(passes.length > 0);
      for (const objects of passes) assert.deepEqual(rule.check(objects, policy), []);
    });
    it(`${rule.id} finds objects that break it, and says what is required`, () => {
      assert.ok(fails.length > 0);
      for (const [objects, finding] of fails) {
        const found = rule.check(objects, policy).map((each) => `${each.object}: ${each.message}`);
        assert.deepEqual(found, [finding]);
        assert.match(finding, /expected .+, got /);
      }
    });
  }

  it("allow images from anywhere if the config names no registry", () => {
    const rule = objectRules.find(({ id }) => id === "allowedRegistries");
    assert.deepEqual(rule?.check(image("quay.io/x/y:1"), { ...policy, registries: undefined }), []);
  });

  it("leave the NetworkPolicies of namespaces to the stack that declares the namespaces", () => {
    const rule = objectRules.find(({ id }) => id === "networkPolicy");
    const platformStack = "organization/platform/prod";
    assert.equal(rule?.check([workload()], policy).length, 2);
    assert.deepEqual(rule.check([workload()], { ...policy, platformStack }), []);
  });

  it("compare the selector of a ReplicationController, which is a map of labels", () => {
    const rule = objectRules.find(({ id }) => id === "selector")!;
    const check = (selector: object) =>
      rule.check([workload({}, { selector }, "ReplicationController")], policy);
    assert.deepEqual(check({ "app.kubernetes.io/name": "shop" }), []);
    assert.match(check({ app: "news" })[0]?.message ?? "", /^spec\.selector: expected labels/);
  });
});

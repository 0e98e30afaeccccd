import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { violationsOf, policyOf } from "../../../policy/check";
import { exceptions } from "../../../policy/exceptions";
import type { Policy } from "../../../policy/rule";
import { objectRules } from "../../../policy/rules";
import { podRules } from "../../../policy/rules/pods";
import { workloads } from "../../../policy/workloads";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { platformValues } from "../../../config/yaml";
import { stackFileConfig } from "../../../config/stack-file";
import { declareObjects } from "../../support/mutations/declared";
import { stackNames, stackRecording } from "../../support/stacks";
import { small } from "../config/small";

for (const stack of stackNames) {
  describe(`stack ${stack} keeps the rules of policy/`, () => {
    let objects: KubernetesObject[];
    let policy: Policy;
    before(async () => {
      objects = kubernetesObjects((await stackRecording(stack)).registrations);
      policy = policyOf(parseStack(stack, platformValues(stackFileConfig(stack))));
      assert.ok(workloads(objects).length > 0, "the stack declares no workload");
    });

    for (const rule of objectRules) {
      it(`${rule.id}: ${rule.title}`, () => {
        assert.deepEqual(violationsOf(rule, rule.check(objects, policy)), []);
      });
    }
  });
}

describe("an app with most settings", () => {
  it("keeps the rules about pods, including those about Secrets in its environment", async () => {
    const objects = await declareObjects(small);
    const policy = policyOf(parseStack("dev", small));
    const found = podRules.flatMap((rule) => violationsOf(rule, rule.check(objects, policy)));
    assert.deepEqual(found, []);
    assert.match(JSON.stringify(objects), /"name":"PASSWORD","valueFrom":\{"secretKeyRef"/);
  });
});

describe("the list of exceptions", () => {
  it("names only objects that exist, each with a reason", async () => {
    const names = new Set<string>();
    for (const stack of stackNames) {
      const { registrations } = await stackRecording(stack);
      for (const { kind, metadata } of kubernetesObjects(registrations)) {
        names.add(`${kind} ${metadata.name}`);
      }
    }
    for (const { workload, reason } of exceptions) {
      assert.ok(names.has(workload), `no stack declares ${workload}`);
      assert.ok(reason.length > 20, `the exception of ${workload} has no reason`);
    }
  });
});

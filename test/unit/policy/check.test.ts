import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseStack } from "../../../config";
import { policyOf, violations } from "../../../policy/check";
import { reportJson, reportText } from "../../../policy/report";
import { readSteps } from "../../../policy/steps";
import { stacks } from "../../../config/stack-file";
import { runHere } from "../../support/commands";
import { budget, closing, workload } from "./objects";

const around = [budget(), closing()];

const policy = { environment: "online" as const, nodePorts: { min: 30_000, max: 32_767 } };
const deletion = {
  op: "delete",
  urn: "urn:pulumi:dev::platform::kubernetes:core/v1:Namespace::old",
  oldState: {
    type: "kubernetes:core/v1:Namespace",
    inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "old" } },
  },
};
const planned = (inputs: object) =>
  readSteps(
    JSON.stringify({
      steps: [
        { op: "create", urn: "urn:x", newState: { type: "kubernetes:apps/v1:Deployment", inputs } },
      ],
    }),
  );

describe("the check of a stack", () => {
  it("reports nothing if all rules are kept", () => {
    assert.deepEqual(violations([workload(), ...around], policy), []);
  });

  it("names rule, level, object and problem", () => {
    assert.deepEqual(violations([workload({ affinity: undefined }), ...around], policy), [
      {
        rule: "spread",
        title: "A workload that can have several pods is spread over nodes",
        level: "advisory",
        object: "Deployment commerce-dev/shop",
        message:
          "affinity.podAntiAffinity: expected a rule that spreads its pods over nodes, got none: all of them can be lost with one node",
      },
    ]);
  });

  it("checks the objects of a preview instead of the rendered ones", () => {
    const broken = workload({ securityContext: {} });
    const rules = (list: ReturnType<typeof violations>) => list.map(({ rule }) => rule);
    assert.deepEqual(rules(violations([workload(), ...around], policy, planned(broken))), [
      "runAsNonRoot",
      "seccompProfile",
    ]);
    assert.deepEqual(violations([broken, ...around], policy, planned(workload())), []);
  });

  it("omits exceptions, by kind and name, only for their rules", () => {
    const node = (name: string) => {
      const made = workload({ securityContext: {} }, {}, "DaemonSet");
      return { ...made, metadata: { name, namespace: "storage" } };
    };
    const rules = (name: string) =>
      violations([node(name), closing("storage")], policy).map(({ rule }) => rule);
    assert.deepEqual(rules("csi-nfs-node"), ["seccompProfile"]);
    assert.deepEqual(rules("csi-nfs-node-2"), ["runAsNonRoot", "seccompProfile"]);
  });

  it("takes its settings from the stack's config", () => {
    const stack = (section: object) =>
      parseStack("dev", {
        environment: "dev",
        domain: "platform.test",
        cluster: { kubeconfig: "none", context: "none" },
        policy: section,
      });
    assert.deepEqual(policyOf(stack({})), {
      environment: "dev",
      digests: "optional",
      nodePorts: { min: 30_000, max: 32_767 },
    });
    assert.deepEqual(policyOf(stack({ registries: ["quay.io"], nodePorts: { min: 31_000 } })), {
      environment: "dev",
      digests: "optional",
      registries: ["quay.io"],
      nodePorts: { min: 31_000, max: 32_767 },
    });
    assert.throws(
      () => stack({ registries: ["https://quay.io"], nodePorts: { min: 2, max: 1 } }),
      /platform:policy\.registries\[0\]: expected a registry.*, got "https:\/\/quay\.io"\n.*platform:policy\.nodePorts: expected .*, got min 2 and max 1/,
    );
  });
});

describe("the report", () => {
  const found = violations(
    [workload({ affinity: undefined, securityContext: { runAsNonRoot: true } }), ...around],
    policy,
    readSteps(JSON.stringify({ steps: [deletion] })),
  );

  it("lists violations by level and rule", () => {
    const scope = { stack: "dev", rules: 19, objects: 2, steps: 1 };
    assert.equal(
      reportText(scope, found),
      `stack dev: 19 rules over 2 objects and 1 step of a preview
mandatory seccompProfile: Pods have the seccomp profile RuntimeDefault
  Deployment commerce-dev/shop: pod: securityContext.seccompProfile.type: expected "RuntimeDefault", got nothing
mandatory deleteData: No PersistentVolumeClaim or Namespace is deleted without platform/allow-deletion: "true"
  Namespace old: expected platform/allow-deletion: "true" before its deletion, got none: its data would be lost. If this is intended: kubectl annotate namespace old platform/allow-deletion=true, then pulumi refresh
advisory spread: A workload that can have several pods is spread over nodes
  Deployment commerce-dev/shop: affinity.podAntiAffinity: expected a rule that spreads its pods over nodes, got none: all of them can be lost with one node
violations: 2 mandatory, 1 advisory`,
    );
    assert.match(reportText(scope, []), /\nno violations$/);
  });

  it("is also written for the preview's comment", () => {
    const [first] = JSON.parse(reportJson(found)) as object[];
    assert.deepEqual(first, {
      policy: "seccompProfile (mandatory)",
      object: "Deployment commerce-dev/shop",
      message: 'pod: securityContext.seccompProfile.type: expected "RuntimeDefault", got nothing',
    });
  });
});

describe("npx platform policy", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("exits with 0 if all rules are kept, and with 1 if a mandatory one is broken", async () => {
    const good = await runHere("policy", "dev");
    assert.equal(good.code, 0, good.stderr);
    assert.match(
      good.stdout,
      /^stack dev: \d+ rules over \d+ objects and 0 steps of a preview\nno violations/,
    );
    const [steps, list] = [join(folder, "preview.json"), join(folder, "violations.json")];
    writeFileSync(steps, JSON.stringify({ steps: [deletion] }));
    const bad = await runHere("policy", "dev", "--steps", steps, "--report", list);
    assert.equal(bad.code, 1, bad.stderr);
    assert.match(bad.stdout, /mandatory deleteData/);
    assert.match(readFileSync(list, "utf8"), /"object": "Namespace old"/);
  });

  it("says in one line what it cannot read", async () => {
    assert.deepEqual(await runHere("policy", "nowhere"), {
      code: 1,
      stdout: "",
      stderr: `stack: expected one of ${stacks().join(", ")}, got "nowhere": there is no Pulumi.nowhere.yaml\n`,
    });
  });
});

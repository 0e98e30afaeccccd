import assert from "node:assert/strict";
import { parseWaitFor } from "../../../../local/plugins/resource-kubernetes/await/wait-for";

const object = {
  apiVersion: "example.com/v1",
  kind: "Thing",
  metadata: { name: "a", annotations: { "a.b/c": "yes" } },
  spec: { list: [{ name: "first" }], none: null },
  status: {
    phase: "Running",
    replicas: 0,
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Stalled", status: "False" },
    ],
  },
};

describe("the annotation pulumi.com/waitFor", () => {
  const cases: [text: string, verdict: string][] = [
    ["condition=Ready", "ready"],
    ["condition=Ready=true", "ready"],
    ["condition=Ready=False", "condition Ready is not False"],
    ["condition=Stalled", "condition Stalled is not True"],
    ["condition=Stalled=False", "ready"],
    ["condition=Absent=False", "condition Absent is not False"],
    ["jsonpath={.status.phase}=Running", "ready"],
    ["jsonpath=.status.phase=Running", "ready"],
    ["jsonpath={.status.phase}=Failed", ".status.phase is Running, not Failed"],
    ["jsonpath={.status.phase}", "ready"],
    ["jsonpath={.status.replicas}=0", "ready"],
    ["jsonpath={.status.missing}", ".status.missing is undefined, not set"],
    ["jsonpath={.status.missing.below}=1", ".status.missing.below is undefined, not 1"],
    ["jsonpath={.spec.none.below}=1", ".spec.none.below is undefined, not 1"],
    ["jsonpath={.spec.list[0].name}=first", "ready"],
    ["jsonpath={.metadata.annotations.a\\.b/c}=yes", "ready"],
    ['["condition=Ready", "jsonpath={.status.phase}=Running"]', "ready"],
    [
      '["condition=Ready", "jsonpath={.status.phase}=Failed"]',
      ".status.phase is Running, not Failed",
    ],
  ];
  for (const [text, verdict] of cases) {
    it(`${text}: ${verdict}`, () => {
      const progress = parseWaitFor(text)(object);
      assert.equal(progress.state === "ready" ? "ready" : progress.message, verdict);
    });
  }

  for (const text of [
    "Ready",
    "condition=",
    "jsonpath={}",
    "",
    '["condition=Ready", "x"]',
    "[condition=Ready]",
    "[1]",
  ]) {
    it(`is refused if it is "${text}"`, () => {
      assert.throws(() => parseWaitFor(text), /expected condition=<type>\[=<status>\] or json/);
    });
  }
});

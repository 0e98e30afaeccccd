import assert from "node:assert/strict";
import { commentOf } from "../../../../cli/preview/comment";
import { reportJson, reportOf } from "../../../../cli/preview/report";
import { transformsOf } from "../../../../cli/preview/transforms";
import { previewOf, provenance, reportWith } from "./support";

const transforms = {
  "Deployment dashboard/headlamp": {
    set: { "spec.replicas": 2, "spec.minReadySeconds": 5 },
    reason: "two `operators`",
  },
};
const fromCode = [
  { title: "nodeSelector of all CronJobs", reason: "no disks", apply: () => undefined },
];

describe("the transforms of a stack in its preview", () => {
  it("are in the provenance, each with its reason, and in the JSON", () => {
    const shown = transformsOf({ transforms, platformStack: undefined }, fromCode);
    const report = reportOf("prod", previewOf(), [], [], { ...provenance, transforms: shown });
    const [, origin = ""] = commentOf(report).split("### Provenance");
    assert.ok(
      origin.includes(
        "\n- transform from code, `nodeSelector of all CronJobs`: `no disks`\n" +
          "- transform of `Deployment dashboard/headlamp`, `spec.replicas`, `spec.minReadySeconds`: `` two `operators` ``\n",
      ),
      origin,
    );
    assert.deepEqual((JSON.parse(reportJson(report)) as { transforms: unknown }).transforms, [
      { title: "nodeSelector of all CronJobs", reason: "no disks" },
      {
        object: "Deployment dashboard/headlamp",
        fields: ["spec.replicas", "spec.minReadySeconds"],
        reason: "two `operators`",
      },
    ]);
    assert.deepEqual(report.dangers, []);
  });

  it("are not mentioned if there are none", () => {
    const report = reportWith();
    assert.doesNotMatch(commentOf(report), /transform/);
    assert.doesNotMatch(reportJson(report), /transforms/);
  });

  it("are those of the stack that declares the parts", () => {
    const platformStack = "organization/platform/online";
    assert.deepEqual(transformsOf({ transforms: {}, platformStack }, fromCode), []);
  });
});

import assert from "node:assert/strict";
import { kubernetesObjects } from "../../../render/objects";
import program from "../../../index";
import { record } from "../../../render/record";
import { stackFileConfig } from "../../../config/stack-file";
import { workloads } from "../../support/workloads";

const group = { labels: { "example.com/for": "platform" }, exclusive: true };

/** Namespaces of teams, whose apps choose their own node group. DaemonSets run on every node. */
const elsewhere = ["commerce-", "content-"];

describe("the platform's node group", () => {
  it("runs every part of the platform, including the controllers of storage", async () => {
    const config = stackFileConfig("prod");
    const components = config["platform:components"] as Record<string, unknown>;
    const { registrations } = await record(program, "prod", {
      ...config,
      "platform:nodeGroups": { infra: group },
      "platform:components": { ...components, placement: { nodeGroup: "infra" } },
    });
    const made = workloads(kubernetesObjects(registrations)).filter(
      ({ object: { kind, metadata } }) =>
        kind !== "DaemonSet" && !elsewhere.some((start) => metadata.namespace?.startsWith(start)),
    );
    assert.ok(made.length > 30, String(made.length));
    const outside = made
      .filter(
        ({ pod }) =>
          pod.nodeSelector?.["example.com/for"] !== "platform" ||
          !pod.tolerations?.some(
            ({ key, value }) => key === "platform/exclusive" && value === "infra",
          ),
      )
      .map(({ title }) => title);
    assert.deepEqual(outside, []);
  });
});

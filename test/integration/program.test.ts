import assert from "node:assert/strict";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { TestStack } from "../support/project";
import { settled, soonScaled } from "../support/settled";
import { readStackFile } from "../support/stack-config";

interface Condition {
  type: string;
  status: string;
}

describe("the dev stack on a real API server", () => {
  let cluster: Cluster;
  let stack: TestStack;
  before(async () => {
    cluster = await startCluster({ name: "integration", keda: true, ...soonScaled });
    stack = new TestStack("integration", cluster);
    await stack.create();
  });
  after(async () => {
    await stopCluster("integration");
    stack?.remove();
  });

  it("previews on an empty cluster without changing it", async () => {
    const output = await stack.must("preview");
    assert.match(output, /\d+ to create/);
    assert.doesNotMatch(await stack.kubectl("get", "namespaces", "-o", "name"), /commerce-dev/);
  });

  it("comes up", async () => {
    assert.match(await stack.must("up"), /\d+ created/);
  });

  it("has every Deployment available", async () => {
    await settled((...args) => stack.kubectl(...args));
    const { items } = JSON.parse(await stack.kubectl("get", "deploy", "-A", "-o", "json")) as {
      items: { metadata: { name: string }; status: { conditions: Condition[] } }[];
    };
    assert.ok(items.length >= 4);
    for (const { metadata, status } of items) {
      const available = status.conditions.find(({ type }) => type === "Available");
      assert.equal(available?.status, "True", metadata.name);
    }
  });

  it("has nothing to change a second time", async () => {
    assert.match(await stack.must("up", "--expect-no-changes"), /unchanged/);
  });

  it("finds no drift in objects that nobody changed", async () => {
    await stack.must("refresh", "--preview-only", "--expect-no-changes");
  });

  it("proves its stable versions to the example of a second environment, and no unchecked canary", async () => {
    const gray = new TestStack("integration-gray", cluster, undefined, stack.folder);
    const example = readStackFile(join(checkout, "stacks/examples/gray.yaml"));
    const here = "organization/platform/integration";
    gray.edit((config) => {
      const { "platform:cluster": address } = config;
      for (const key of Object.keys(config)) delete config[key];
      Object.assign(config, example["config"], { "platform:cluster": address });
      Object.assign(config["platform:releases"] as object, { requires: here });
    });
    await gray.create();
    try {
      assert.match(
        await gray.must("up"),
        new RegExp(`mailer: 1\\.4\\.2 is stable since .* in ${here}`),
      );
      gray.editApp("mailer", (mailer) => {
        mailer["canary"] = { version: "1.5.0", weight: 50 };
      });
      await gray.mustFail(
        new RegExp(
          `mailer: 1\\.5\\.0 is new in this stack, and ${here}, which .* has no record of it`,
        ),
        "preview",
      );
    } finally {
      await gray.must("destroy");
    }
    assert.match(await stack.must("up", "--expect-no-changes"), /unchanged/);
  });

  it("leaves nothing when it is destroyed", async () => {
    await stack.must("destroy");
    const kinds = "namespaces,deployments,services,clusterroles,customresourcedefinitions";
    const names = await stack.kubectl("get", kinds, "-A", "-o", "name");
    assert.doesNotMatch(names, /commerce|content|gateway|traefik|shop|news/);
  });
});

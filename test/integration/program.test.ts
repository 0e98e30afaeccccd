import assert from "node:assert/strict";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { long } from "../support/long";
import { TestStack } from "../support/project";
import { waitUntilScaled, soonScaled } from "../support/scaled";
import { readStackFile } from "../support/stack-config";

interface Condition {
  type: string;
  status: string;
}

describe("the dev stack on a real API server", () => {
  let cluster: Cluster;
  let stack: TestStack;
  /** The stack of a second environment on the same cluster. */
  let gray: TestStack;
  before(async () => {
    // In every run, the prod stack brings them to an empty cluster.
    const gatewayCrds = !long;
    cluster = await startCluster({ name: "integration", keda: true, gatewayCrds, ...soonScaled });
    stack = new TestStack("integration", cluster);
    if (gatewayCrds) stack.omitGatewayCrds();
    await stack.create();
  });
  after(async () => {
    await stopCluster("integration");
    stack?.remove();
  });

  async function objects(): Promise<string[]> {
    const kinds = "namespaces,deployments,services,clusterroles,customresourcedefinitions";
    return (await stack.kubectl("get", kinds, "-A", "-o", titles)).trim().split("\n");
  }

  it("comes up on an empty cluster", async () => {
    assert.match(await stack.must("up"), /\d+ created/);
  });

  it("has every Deployment available", async () => {
    await waitUntilScaled((...args) => stack.kubectl(...args));
    const { items } = JSON.parse(await stack.kubectl("get", "deploy", "-A", "-o", "json")) as {
      items: { metadata: { name: string }; status: { conditions: Condition[] } }[];
    };
    assert.ok(items.length >= 4);
    for (const { metadata, status } of items) {
      const available = status.conditions.find(({ type }) => type === "Available");
      assert.equal(available?.status, "True", metadata.name);
    }
  });

  it("proves its stable versions, but no unchecked canary, to the example of a second environment", async () => {
    gray = new TestStack("integration-gray", cluster, undefined, stack.folder);
    const example = readStackFile(join(checkout, "stacks/examples/gray.yaml"));
    const here = "organization/platform/integration";
    gray.edit((config) => {
      const { "platform:cluster": address } = config;
      for (const key of Object.keys(config)) delete config[key];
      Object.assign(config, example["config"], { "platform:cluster": address });
      Object.assign(config["platform:releases"] as object, { requires: here });
    });
    await gray.create();
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
  });

  it("leaves nothing of the second environment when that is destroyed", async () => {
    const before = await objects();
    assert.ok(before.includes("Deployment commerce-gray/mailer-1-4-2"), before.join("\n"));
    await gray.must("destroy");
    assert.deepEqual(
      await objects(),
      before.filter((name) => !name.includes("gray")),
    );
  });

  it("has nothing to change a second time, and has not drifted, also without that environment", async () => {
    const output = await stack.must("up", "--refresh", "--run-program", "--expect-no-changes");
    assert.match(output, /unchanged/);
  });

  if (long) {
    it("leaves nothing when it is destroyed", async () => {
      await stack.must("destroy");
      const left = (await objects()).join("\n");
      assert.doesNotMatch(left, /commerce|content|gateway|traefik|shop|news/);
    });
  }
});

/** Lines such as `Deployment commerce-gray/mailer-1-4-2`. */
const titles =
  'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}';

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { TestStack } from "../support/project";

interface Condition {
  type: string;
  status: string;
}

describe("the dev stack on a real API server", () => {
  let cluster: Cluster;
  let stack: TestStack;
  before(async () => {
    cluster = await startCluster({ name: "integration" });
    stack = new TestStack("integration", cluster);
    await stack.create();
  });
  after(async () => {
    await stopCluster("integration");
    stack.remove();
  });

  async function must(verb: string, ...args: string[]): Promise<string> {
    const { code, output } = await stack.pulumi(verb, ...args);
    assert.equal(code, 0, output);
    return output;
  }

  it("previews on an empty cluster without changing it", async () => {
    const output = await must("preview");
    assert.match(output, /\d+ to create/);
    assert.doesNotMatch(await stack.kubectl("get", "namespaces", "-o", "name"), /commerce-dev/);
  });

  it("comes up", async () => {
    assert.match(await must("up"), /\d+ created/);
  });

  it("has every Deployment available", async () => {
    const { items } = JSON.parse(await stack.kubectl("get", "deploy", "-A", "-o", "json")) as {
      items: { metadata: { name: string }; status: { conditions: Condition[] } }[];
    };
    assert.ok(items.length >= 4);
    for (const { metadata, status } of items) {
      const available = status.conditions.find(({ type }) => type === "Available");
      assert.equal(available?.status, "True", metadata.name);
    }
  });

  it("has nothing to change a second time, nor in a preview", async () => {
    assert.match(await must("up", "--expect-no-changes"), /unchanged/);
    await must("preview", "--expect-no-changes");
  });

  it("finds no drift in what nobody touched", async () => {
    await must("refresh", "--expect-no-changes");
  });

  it("finds drift where somebody changed an object by hand, and says who did", async () => {
    const grace = (seconds: number) =>
      stack.kubectl(
        ...["patch", "deploy", "shop-1-4-2", "-n", "commerce-dev", "-p"],
        JSON.stringify({
          spec: { template: { spec: { terminationGracePeriodSeconds: seconds } } },
        }),
      );
    await grace(77);
    const drift = await stack.pulumi("refresh", "--preview-only", "--expect-no-changes");
    assert.notEqual(drift.code, 0, drift.output);
    assert.match(drift.output, /Deployment shop-1-4-2 update/);
    await must("refresh");
    const { code, output } = await stack.pulumi("up");
    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /another manager owns \.spec\.template\.spec\.terminationGracePeriodSeconds \(conflict with "kubectl-patch"/,
    );
    await grace(40);
    await must("refresh");
    await must("up");
    await must("refresh", "--expect-no-changes");
  });

  it("makes anew what somebody deleted by hand", async () => {
    await stack.kubectl("delete", "hpa", "shop-1-4-2", "-n", "commerce-dev");
    await must("refresh");
    assert.match(await must("up"), /1 created/);
    await must("refresh", "--expect-no-changes");
  });

  it("changes exactly the route when a canary's weight changes", async () => {
    stack.edit((config) => {
      const apps = config["platform:apps"] as { shop: { canary: { weight: number } } };
      apps.shop.canary.weight = 50;
    });
    const output = await must("up");
    assert.match(output, /1 updated/);
    assert.match(output, /HTTPRoute shop updated/);
    const weights = await stack.kubectl(
      ...["get", "httproute", "shop", "-n", "commerce-dev", "-o"],
      "jsonpath={.spec.rules[*].backendRefs[*].weight}",
    );
    assert.equal(weights, "0 100 50 50");
  });

  it("records each app's releases for the next update", async () => {
    const { apps } = (await stack.outputs()) as {
      apps: { shop: { traffic: { version: string; weight: number }[] } };
    };
    assert.deepEqual(
      apps.shop.traffic.map(({ version, weight }) => [version, weight]),
      [
        ["1.4.2", 50],
        ["1.5.0", 50],
      ],
    );
  });

  it("adopts what runs when the record is lost, and lets no other release be stable", async () => {
    await stack.editState(({ resources }) => {
      const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
      assert.ok(root?.outputs?.["releases"]);
      delete root.outputs;
    });
    const version = (to: string) =>
      stack.edit((config) => {
        const apps = config["platform:apps"] as { news: { stable: { version: string } } };
        apps.news.stable.version = to;
      });
    stack.edit((config) => {
      config["platform:releases"] = { forcedCanary: true, soak: "1h", checkRequired: false };
    });
    version("2.0.2");
    const refused = await stack.pulumi("up");
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /news: .*2\.0\.2.*\(canary-before-stable\)\.\s+asked: stable 2\.0\.2; live: stable 2\.0\.1 in the cluster, nothing recorded/,
    );
    version("2.0.1");
    const output = await must("up");
    assert.match(
      output,
      /news: the record is lost; 2\.0\.1, which the cluster runs as stable, is recorded again/,
    );
    assert.doesNotMatch(output, /Deployment \S+ (updated|created|replaced)/);
    await must("up", "--expect-no-changes");
  });

  it("promotes by Services, route and retired objects alone: no live Deployment changes", async () => {
    stack.edit((config) => {
      config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
      const apps = config["platform:apps"] as { shop: Record<string, unknown> };
      apps.shop["stable"] = { version: "1.5.0" };
      delete apps.shop["canary"];
    });
    const { code, output } = await stack.pulumi("preview", "--json");
    assert.equal(code, 0, output);
    const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as {
      steps: { op: string; urn: string }[];
    };
    const changed = steps
      .filter(({ op }) => op !== "same" && op !== "read")
      .map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join(" ").replace(/^.*\$/, "")}`);
    assert.deepEqual(changed.sort(), [
      "update kubernetes:core/v1:Service shop-stable",
      "update kubernetes:gateway.networking.k8s.io/v1:HTTPRoute shop",
    ]);
    assert.match(await must("up"), /promote 1\.5\.0: it is stable in the place of 1\.4\.2/);
  });

  it("takes an update up again that was killed", async () => {
    await must("destroy");
    const child = stack.startUp();
    await sleep(6000);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await stack.unlock();
    const recovered = await stack.npm("recover");
    assert.equal(recovered.code, 0, recovered.output);
    await must("up");
    await must("up", "--expect-no-changes");
  });

  it("leaves nothing when it is destroyed", async () => {
    await must("destroy");
    const kinds = "namespaces,deployments,services,clusterroles,customresourcedefinitions";
    const names = await stack.kubectl("get", kinds, "-A", "-o", "name");
    assert.doesNotMatch(names, /commerce|content|gateway|traefik|shop|news/);
  });
});

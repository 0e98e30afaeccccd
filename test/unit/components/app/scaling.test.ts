import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { query } from "../../../../components/app/scaling";
import type { AppArgs } from "../../../../components/app";
import { waitForNothing } from "../../../../components/app/services";
import { at, type Declared } from "../../../support/declare";
import { shop, template } from "../../../support/shop";

const requestScaling = { prometheus: "http://prometheus.test:9090" };
const scaling = { min: 2, max: 9, cpu: 60, requestsPerSecond: 50 };
const release = (version: string) => ({
  name: `shop-${version.replaceAll(".", "-")}`,
  key: version,
  version,
  template: template(),
});

interface Trigger {
  type: string;
  metricType: string;
  metadata: Record<string, string>;
}

function triggers(declared: Declared, name: string): Trigger[] {
  return at(declared.object("ScaledObject", name), "spec.triggers") as Trigger[];
}

function scaledByRequests(args: Partial<AppArgs> = {}): Promise<Declared> {
  return shop({ scaling, requestScaling, ...args });
}

describe("an app that is scaled by its requests", () => {
  it("has a ScaledObject instead of an autoscaler, with the same bounds", async () => {
    const declared = await scaledByRequests();
    assert.deepEqual(declared.names("HorizontalPodAutoscaler"), []);
    const spec = at(declared.object("ScaledObject", "shop-1-4-2"), "spec") as object;
    assert.deepEqual(at(spec, "scaleTargetRef"), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "shop-1-4-2",
    });
    assert.deepEqual([at(spec, "minReplicaCount"), at(spec, "maxReplicaCount")], [2, 9]);
  });

  it("is scaled by CPU, by memory if configured, and by requests per pod", async () => {
    const types = async (memory?: number) => {
      const declared = await scaledByRequests({ scaling: { ...scaling, memory } });
      return triggers(declared, "shop-1-4-2").map(({ type, metricType, metadata }) => [
        type,
        metricType,
        metadata.value ?? metadata.threshold,
      ]);
    };
    const cpu = ["cpu", "Utilization", "60"];
    const requests = ["prometheus", "AverageValue", "50"];
    assert.deepEqual(await types(), [cpu, requests]);
    assert.deepEqual(await types(80), [cpu, ["memory", "Utilization", "80"], requests]);
  });

  it("queries the stack's Prometheus for the requests of its own Services", async () => {
    const trigger = triggers(await scaledByRequests(), "shop-1-4-2").at(-1);
    assert.equal(trigger?.metadata.serverAddress, "http://prometheus.test:9090");
    assert.equal(trigger?.metadata.query, query("commerce-dev", ["shop-stable", "shop-canary"]));
    assert.equal(trigger?.metadata.ignoreNullValues, "false");
  });

  it("counts for each release the requests of its role, and none for a former one", async () => {
    const releases = [release("1.4.2"), release("1.5.0"), release("1.3.0")];
    const declared = await scaledByRequests({
      releases,
      canary: "shop-1-5-0",
      canaryWeight: 10,
    });
    const queries = releases.map(
      ({ name }) =>
        triggers(declared, name).find(({ type }) => type === "prometheus")?.metadata.query,
    );
    assert.deepEqual(queries, [
      query("commerce-dev", ["shop-stable"]),
      query("commerce-dev", ["shop-canary"]),
      undefined,
    ]);
  });

  it("is scaled by queries of its own, with its own names in them", async () => {
    const query = 'sum(queue{namespace="$namespace",app="$app",pod=~"$release-.*",x="$other"})';
    const declared = await shop({
      scaling: { min: 2, max: 9, cpu: 60, queries: { queue: { query, perPod: 200 } } },
      requestScaling,
    });
    const own = triggers(declared, "shop-1-4-2").filter(({ type }) => type === "prometheus");
    assert.deepEqual(
      own.map(({ metadata }) => [metadata.query, metadata.threshold]),
      [['sum(queue{namespace="commerce-dev",app="shop",pod=~"shop-1-4-2-.*",x="$other"})', "200"]],
    );
  });

  it("has more pods at configured times, only as the stable release", async () => {
    const times = [{ from: "0 18 * * *", to: "0 23 * * *", timeZone: "Asia/Shanghai", min: 8 }];
    const releases = [release("1.4.2"), release("1.5.0"), release("1.3.0")];
    const args = { releases, canary: "shop-1-5-0", canaryWeight: 10, requestScaling };
    const declared = await shop({ ...args, scaling: { min: 2, max: 9, cpu: 60, times } });
    const clocks = releases.map(({ name }) =>
      triggers(declared, name).flatMap(({ type, metadata }) => (type === "cron" ? [metadata] : [])),
    );
    const evening = {
      timezone: "Asia/Shanghai",
      start: "0 18 * * *",
      end: "0 23 * * *",
      desiredReplicas: "8",
    };
    assert.deepEqual(clocks, [[evening], [], []]);
  });

  it("loses pods as slowly as its config says, with KEDA and without", async () => {
    const down = { after: 600, percent: 10, every: 60 };
    const scaleDown = {
      stabilizationWindowSeconds: 600,
      policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
    };
    const plain = await shop({ scaling: { min: 2, max: 9, cpu: 60, down } });
    const hpa = plain.object("HorizontalPodAutoscaler", "shop-1-4-2");
    assert.deepEqual(at(hpa, "spec.behavior"), { scaleDown });
    const keda = (await scaledByRequests({ scaling: { ...scaling, down } })).object(
      "ScaledObject",
      "shop-1-4-2",
    );
    assert.deepEqual(at(keda, "spec.advanced.horizontalPodAutoscalerConfig.behavior"), {
      scaleDown,
    });
  });

  it("is refused if nothing counts requests", async () => {
    await assert.rejects(
      shop({ scaling }),
      /platform:components\.autoscaling\.keda: expected KEDA, because app "shop" is scaled by metrics other than CPU and memory, got none; declare it/,
    );
  });

  it("replaces an autoscaler next to which KEDA accepts to work for a moment", async () => {
    const hpa = (await shop()).object("HorizontalPodAutoscaler", "shop-1-4-2");
    assert.equal(hpa.metadata.annotations?.["validations.keda.sh/hpa-ownership"], "false");
  });
});

describe("the query of an app's requests", () => {
  it("is 0 for an app without requests, and empty if no app has any", () => {
    assert.equal(
      query("commerce-dev", ["shop-stable", "shop-canary"]),
      'sum(rate(app:requests:total{namespace="commerce-dev",service=~"shop-stable|shop-canary"}[2m])) or 0 * sum(app:requests:total)',
    );
  });
});

describe("a release that loses its role", () => {
  const releases = [
    { ...release("1.4.2"), floor: 4 },
    { ...release("1.5.0"), needed: 3, floor: 3 },
  ];
  const promoted = { releases, stable: "shop-1-5-0" };

  for (const [kind, args] of [
    ["ScaledObject", { scaling, requestScaling }],
    ["HorizontalPodAutoscaler", {}],
  ] as const) {
    it(`keeps its ${kind} until the requests have left it`, async () => {
      const waiting = {
        ...waitForNothing,
        afterPodsReady: () => pulumi.output(new Promise((resolve) => setTimeout(resolve, 50))),
      };
      const { registrations } = await shop({ ...promoted, ...args, waiting });
      const index = (type: string, name: string) =>
        registrations.findIndex((entry) => entry.type.endsWith(type) && entry.name === name);
      const [former, next] = [index(kind, "shop-1-4-2"), index(kind, "shop-1-5-0")];
      assert.ok(next >= 0 && next < index(":Service", "shop-stable"));
      assert.ok(former > index(":HTTPRoute", "shop"));
      const dependencies = registrations[former]?.dependencies ?? [];
      assert.ok(dependencies.includes(registrations[index(":HTTPRoute", "shop")]?.urn ?? "-"));
    });
  }
});

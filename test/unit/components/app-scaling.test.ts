import assert from "node:assert/strict";
import { query } from "../../../components/app/scaling";
import type { AppArgs } from "../../../components/app";
import { at, type Declared } from "../../support/declare";
import { shop, template } from "../../support/shop";

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
  it("has a ScaledObject in the place of an autoscaler, with the same bounds", async () => {
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

  it("is scaled by CPU, by memory when asked for, and by requests per pod", async () => {
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

  it("asks the Prometheus of the stack for the requests of its own Services", async () => {
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

  it("is refused where nothing counts requests", async () => {
    await assert.rejects(
      shop({ scaling }),
      /App "shop" is to be scaled by its requests, and nothing counts them; the stack needs KEDA/,
    );
  });

  it("replaces an autoscaler that KEDA does not refuse to work beside for a moment", async () => {
    const hpa = (await shop()).object("HorizontalPodAutoscaler", "shop-1-4-2");
    assert.equal(hpa.metadata.annotations?.["validations.keda.sh/hpa-ownership"], "false");
  });
});

describe("the query of an app's requests", () => {
  it("is 0 for an app without requests, and nothing when no app has any", () => {
    assert.equal(
      query("commerce-dev", ["shop-stable", "shop-canary"]),
      'sum(rate(app:requests:total{namespace="commerce-dev",service=~"shop-stable|shop-canary"}[2m])) or 0 * sum(app:requests:total)',
    );
  });
});

import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { App, type AppArgs } from "../../../../components/app";
import { declare } from "../../../support/declare";
import { shopArgs, template } from "../../../support/shop";

const times = [{ from: "0 8 * * *", to: "0 20 * * *", timeZone: "Etc/UTC", min: 5 }];
const release = (version: string, fields: Record<string, unknown> = {}) => ({
  name: `shop-${version}`,
  key: version,
  version,
  template: template(fields),
});

/** Returns the ScaledObjects of an app that do not depend on KEDA, and those that do. */
async function byOrder(args: Partial<AppArgs>): Promise<{ before: string[]; after: string[] }> {
  const { registrations } = await declare((provider) => {
    const operator = new k8s.core.v1.ConfigMap(
      "operator",
      { metadata: { name: "operator" } },
      { provider },
    );
    const requestScaling = operator.id.apply(() => ({ prometheus: "http://prometheus.test" }));
    const defaults = { releases: [release("1")], stable: "shop-1", requestScaling };
    new App("shop", shopArgs({ ...defaults, ...args }), { provider });
  });
  const operator = registrations.find(({ name }) => name === "operator")?.urn ?? "";
  const scaled = registrations.filter(({ type }) => type.endsWith(":ScaledObject"));
  const names = (depends: boolean) =>
    scaled
      .filter(({ dependencies }) => dependencies.includes(operator) === depends)
      .map(({ name }) => name)
      .sort();
  return { before: names(false), after: names(true) };
}

describe("ScaledObjects are created after KEDA, and deleted before it", () => {
  it("also those of an app that is scaled only by schedule", async () => {
    const scaling = { min: 2, max: 10, cpu: 70, times };
    assert.deepEqual(await byOrder({ scaling }), { before: [], after: ["shop-1"] });
  });

  it("also that of a former release, which counts no requests", async () => {
    const scaling = { min: 2, max: 10, cpu: 70, requestsPerSecond: 50 };
    const releases = [release("2"), release("1")];
    assert.deepEqual(await byOrder({ scaling, releases, stable: "shop-2" }), {
      before: [],
      after: ["shop-1", "shop-2"],
    });
  });

  it("also that of a worker that keeps a number of pods", async () => {
    const pods = { role: "stable", weight: 100, replicas: 2, precedes: false } as const;
    const worker = { ...pods, autoscaler: "paused" as const };
    const releases = [{ ...release("1", { kind: "worker" }), worker }];
    const scaling = { min: 2, max: 10, cpu: 70, times };
    assert.deepEqual(await byOrder({ kind: "worker", domain: undefined, scaling, releases }), {
      before: [],
      after: ["shop-1"],
    });
  });
});

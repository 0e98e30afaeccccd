import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { collectorEndpoint, parseStack, type StackConfig } from "../../../config";
import { planReleases, type PlannedApp } from "../../../program/releases";

const noon = new Date("2026-11-21T12:00:00Z");
const stable = { version: "1.4.2" };
const own = "http://collector.example.com:4318";

function stack(
  fields: object,
  { tracing = false, forcedCanary = false }: { tracing?: boolean; forcedCanary?: boolean } = {},
): StackConfig {
  const app = { team: "commerce", domain: "shop.platform.test", image: "harbor.test/shop/shop" };
  return parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    components: tracing ? { tracing: {} } : {},
    releases: { forcedCanary, soak: "0s", checkRequired: false },
    apps: { shop: { ...app, ...fields } },
  });
}

/** Plans an update, a minute after the one before it. */
function planned(config: StackConfig, before?: PlannedApp, live = {}): PlannedApp {
  const records = before === undefined ? {} : { shop: before.plan.next };
  const last = before && Date.parse(before.plan.next.changedAt);
  const now = last === undefined ? noon : new Date(last + 60_000);
  const [shop] = planReleases(config, records, now, live);
  assert.ok(shop);
  return shop;
}

/** Returns the trace endpoint of each release in a plan. */
function endpoints({ plan }: PlannedApp): Record<string, unknown> {
  return Object.fromEntries(
    plan.releases.map(({ version, template }) => [version, template["tracesEndpoint"]]),
  );
}

function kinds({ plan }: PlannedApp): string[] {
  return plan.steps.map(({ kind }) => kind);
}

describe("the address to which an app sends its traces", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  const untraced = () => planned(stack({ stable }));

  it("is set in the first release if collectors are declared", () => {
    assert.deepEqual(endpoints(untraced()), { "1.4.2": undefined });
    const traced = planned(stack({ stable }, { tracing: true }));
    assert.deepEqual(endpoints(traced), { "1.4.2": collectorEndpoint });
  });

  for (const forcedCanary of [true, false]) {
    const policy = forcedCanary ? "is forced" : "is not forced";
    it(`changes no running release, if a canary ${policy}`, () => {
      const on = { tracing: true, forcedCanary };
      const declared = planned(stack({ stable }, on), untraced());
      assert.deepEqual(endpoints(declared), { "1.4.2": undefined });
      assert.deepEqual(kinds(declared), ["nothing"]);
      const traced = planned(stack({ stable }, on));
      const gone = planned(stack({ stable }, { forcedCanary }), traced);
      assert.deepEqual(endpoints(gone), { "1.4.2": collectorEndpoint });
      assert.deepEqual(kinds(gone), ["nothing"]);
    });
  }

  it("is added with the next release, and stays with it in every role", () => {
    const on = { tracing: true, forcedCanary: true };
    const canary = { version: "1.5.0", weight: 10 };
    const trying = planned(stack({ stable, canary }, on), untraced());
    const both = { "1.4.2": undefined, "1.5.0": collectorEndpoint };
    assert.deepEqual(endpoints(trying), both);
    const again = planned(stack({ stable, canary }, on), trying);
    assert.deepEqual(endpoints(again), both);
    assert.deepEqual(kinds(again), ["nothing"]);
    const promoted = planned(stack({ stable: { version: "1.5.0" } }, on), again);
    assert.deepEqual(endpoints(promoted), both);
    const back = planned(stack({ stable }, on), promoted);
    assert.deepEqual(endpoints(back)["1.4.2"], undefined);
  });

  it("is not added by an edit of something else", () => {
    const edited = planned(stack({ stable, env: { A: "1" } }, { tracing: true }), untraced());
    assert.deepEqual(endpoints(edited), { "1.4.2": undefined });
  });

  it("is the app's own if it has one", () => {
    const traced = planned(stack({ stable, tracesEndpoint: own }, { tracing: true }));
    assert.deepEqual(endpoints(traced), { "1.4.2": own });
  });

  it("is adopted without a record, like everything in the config", () => {
    const adopted = planned(stack({ stable }, { tracing: true }), undefined, {
      shop: { services: { stable: { key: "1.4.2", name: "shop-1-4-2" } }, releases: {} },
    });
    assert.deepEqual(endpoints(adopted), { "1.4.2": collectorEndpoint });
    assert.deepEqual(kinds(adopted), ["adopt"]);
  });
});

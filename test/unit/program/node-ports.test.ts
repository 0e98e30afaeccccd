import assert from "node:assert/strict";
import { RefusedReleases, planReleases } from "../../../program/releases";
import { liveApps, type LiveApp } from "../../../program/wait/live-app";
import { unforcedStack } from "./handover-stacks";

const now = new Date("2026-11-21T12:00:00Z");
const serving: LiveApp = { services: {}, releases: {} };

function refusals(apps: Record<string, object>, live: Record<string, LiveApp>): string[] {
  try {
    planReleases(unforcedStack(apps), {}, now, live);
    return [];
  } catch (error) {
    assert.ok(error instanceof RefusedReleases);
    return error.refusals.map(
      ({ app, rule, message, remedy }) => `${app} ${rule}: ${message}; ${remedy}`,
    );
  }
}

describe("a fixed node port that another app has in the cluster", () => {
  const shop = { ...serving, nodePort: 31_001 };
  const text =
    "store port-in-use: node port 31001 (number: 1) is that of shop until the end of this update, and no two Services can have it; remove number from shop in a separate update first; the port does not answer until store has it";

  it("is refused, whether the other app goes, gives it up, or gets another one", () => {
    const store = { store: { number: 1 } };
    assert.deepEqual(refusals(store, { shop }), [text]);
    assert.deepEqual(refusals({ ...store, shop: {} }, { shop }), [text]);
    assert.deepEqual(refusals({ ...store, shop: { number: 2 } }, { shop }), [text]);
    assert.deepEqual(refusals(store, { shop: { ...serving, former: shop } }), [text]);
  });

  it("is allowed after the other app has given it up, and for the app itself", () => {
    assert.deepEqual(refusals({ store: { number: 1 } }, { shop: serving }), []);
    assert.deepEqual(refusals({ store: { number: 2 } }, { shop }), []);
    assert.deepEqual(refusals({ shop: { number: 1 } }, { shop }), []);
    assert.deepEqual(refusals({ store: {}, shop: { number: 1 } }, { shop }), []);
  });

  it("is read from the cluster", async () => {
    const selector = { "app.kubernetes.io/instance": "shop-1-4-2" };
    const service = (name: string, spec: object) => ({ metadata: { name }, spec });
    const items = [
      service("shop-stable", { selector, ports: [{ port: 80 }] }),
      service("shop-nodeport", { selector, ports: [{ port: 80, nodePort: 31_001 }] }),
      service("store-stable", { selector }),
    ];
    const get = <Result>(path: string) =>
      Promise.resolve({ items: path.includes("/services") ? items : [] } as Result);
    const live = await liveApps({ shop: "commerce-dev", store: "commerce-dev" }, { get });
    assert.equal(live["shop"]?.nodePort, 31_001);
    assert.equal(live["store"]?.nodePort, undefined);
  });
});

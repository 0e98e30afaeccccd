import assert from "node:assert/strict";
import { trafficOf } from "../../../cli/preview/traffic";
import { planReleases, RefusedReleases } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { forcedStack } from "./handover-stacks";

const began = new Date("2026-11-21T12:00:00Z");
const now = new Date("2026-11-25T12:00:00Z");
const www = "www.platform.test";
const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
const override = { by: "ann", reason: "the host must move today" };

/** What the cluster runs of an app that serves its domain and these hosts. */
function live(name: string, ...hosts: string[]): LiveApp {
  const release = { key: "1.0.0", name: `${name}-1-0-0` };
  const addresses = [`${name}.platform.test`, ...hosts].map((host) => ({ host, path: "/" }));
  const services = { stable: release, canary: release };
  return { services, weight: 0, releases: { [release.name]: { ready: 2 } }, addresses };
}

describe("an address of an app during a freeze", () => {
  const before = planReleases(forcedStack({ shop: { hosts: [www] }, store: {} }), {}, began);
  const records = Object.fromEntries(before.map(({ name, plan }) => [name, plan.next]));
  const lives = { shop: live("shop", www), store: live("store") };

  function refusals(shop: object, store: object): string[] {
    const stack = forcedStack({ shop, store });
    const report = trafficOf("prod", stack, records, now, lives);
    const shown = report
      .flatMap((it) => it.refusals)
      .map(({ app, message }) => `${app}: ${message}`);
    try {
      planReleases(stack, records, now, lives);
      assert.deepEqual(shown, []);
    } catch (error) {
      assert.ok(error instanceof RefusedReleases);
      const texts = error.refusals.map(({ app, message }) => `${app}: ${message}`);
      assert.deepEqual(shown, texts, "the preview says the same");
    }
    return shown;
  }

  const text = `app shop is frozen until ${freeze.until}: sale; ${www} goes from shop to store`;

  it("does not go to another app, whichever of the two is frozen", () => {
    assert.deepEqual(refusals({ freeze }, { hosts: [www] }), [`shop: ${text}`]);
    assert.deepEqual(refusals({}, { hosts: [www], freeze }), [
      `store: ${text.replace("app shop", "app store")}`,
    ]);
    assert.deepEqual(refusals({}, { hosts: [www] }), []);
  });

  it("does not go to an app with a longer path", () => {
    assert.deepEqual(refusals({ hosts: [www], freeze }, { hosts: [www], paths: ["/pay"] }), [
      `shop: ${text.replace(`; ${www}`, `; ${www}/pay`)}`,
    ]);
  });

  it("goes to another app with an override, and stays without one", () => {
    assert.deepEqual(refusals({ freeze, override }, { hosts: [www] }), []);
    assert.deepEqual(refusals({ hosts: [www], freeze }, { freeze }), []);
  });
});

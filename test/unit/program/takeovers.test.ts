import assert from "node:assert/strict";
import { trafficOf } from "../../../cli/preview/traffic";
import { parseStack, type StackConfig } from "../../../config";
import { RefusedReleases, planReleases, type PlannedApp } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";

const began = new Date("2026-11-21T12:00:00Z");
const now = new Date("2026-11-25T12:00:00Z");
const host = "shop.platform.test";

function stackOf(apps: Record<string, object>, forcedCanary = true): StackConfig {
  const image = "harbor.platform.test/shop/shop";
  const complete = Object.entries(apps).map(([name, app]) => {
    const domain = `${name}.platform.test`;
    return [name, { team: "commerce", domain, image, stable: { version: "1.0.0" }, ...app }];
  });
  return parseStack("prod", {
    environment: "online",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases: { forcedCanary, soak: "24h", checkRequired: false },
    apps: Object.fromEntries(complete) as object,
  });
}

const recordsOf = (planned: readonly PlannedApp[]) =>
  Object.fromEntries(planned.map(({ name, plan }) => [name, plan.next]));

/** What the cluster runs of an app that serves a host with 1.0.0. */
const live = (name: string, ...hosts: string[]): LiveApp => ({
  services: { stable: { key: "1.0.0", name: `${name}-1-0-0` } },
  releases: { [`${name}-1-0-0`]: { ready: 4 } },
  addresses: hosts.map((each) => ({ host: each, path: "/" })),
});

describe("the first release of an app that takes over a host from another app", () => {
  const records = recordsOf(planReleases(stackOf({ shop: {} }), {}, began));
  const lives = { shop: live("shop", host) };

  function refusals(store: object, forcedCanary = true, known = {}): string[] {
    try {
      planReleases(
        stackOf({ store: { domain: host, ...store } }, forcedCanary),
        { ...records, ...known },
        now,
        { ...lives, ...(Object.keys(known).length > 0 && { store: live("store") }) },
      );
      return [];
    } catch (error) {
      assert.ok(error instanceof RefusedReleases);
      return error.refusals.map(({ app, rule, message }) => `${app} ${rule}: ${message}`);
    }
  }

  it("is allowed if it is the release that serves the host, for example if an app is renamed", () => {
    assert.deepEqual(refusals({}), []);
  });

  it("is refused with another version or other settings, because it was never a canary", () => {
    const begin = "store canary-before-stable: ";
    assert.deepEqual(refusals({ stable: { version: "2.0.0" } }), [
      `${begin}2.0.0 would get requests of shop, whose stable release is 1.0.0, without having been canary`,
    ]);
    assert.deepEqual(refusals({ env: { MODE: "new" } }), [
      `${begin}1.0.0 would get requests of shop, whose stable release is 1.0.0, without having been canary, with other settings (env.MODE)`,
    ]);
  });

  it("is allowed with an override, with a canary of the new version, and if no canary is forced", () => {
    const override = { reason: "the old shop must go today", by: "ann" };
    assert.deepEqual(refusals({ stable: { version: "2.0.0" }, override }), []);
    assert.deepEqual(refusals({ canary: { version: "2.0.0", weight: 10 } }), []);
    assert.deepEqual(refusals({ stable: { version: "2.0.0" } }, false), []);
  });

  it("is not a first release if the app ran before on its own host", () => {
    const stable = { version: "2.0.0" };
    const known = recordsOf(planReleases(stackOf({ store: { stable } }), {}, began));
    assert.deepEqual(refusals({ stable }, true, known), []);
  });

  it("is refused in the preview's report, too", () => {
    const config = stackOf({ store: { domain: host, stable: { version: "2.0.0" } } });
    const report = trafficOf("prod", config, records, now, lives);
    assert.deepEqual(
      report.find(({ app }) => app === "store")?.refusals.map(({ rule }) => rule),
      ["canary-before-stable"],
    );
  });
});

import assert from "node:assert/strict";
import { trafficOf } from "../../../cli/preview/traffic";
import { RefusedReleases, planReleases, type PlannedApp } from "../../../program/releases";
import type { LiveApp } from "../../../program/wait/live-app";
import { forcedStack } from "./handover-stacks";

const began = new Date("2026-11-21T12:00:00Z");
const now = new Date("2026-11-25T12:00:00Z");
const host = "shop.platform.test";

const recordsOf = (planned: readonly PlannedApp[]) =>
  Object.fromEntries(planned.map(({ name, plan }) => [name, plan.next]));

/** What the cluster runs of an app that serves a host with 1.0.0. */
const live = (name: string, ...hosts: string[]): LiveApp => ({
  services: { stable: { key: "1.0.0", name: `${name}-1-0-0` } },
  releases: { [`${name}-1-0-0`]: { ready: 4 } },
  addresses: hosts.map((each) => ({ host: each, path: "/" })),
});

describe("the first release of an app that takes over a host from another app", () => {
  const records = recordsOf(planReleases(forcedStack({ shop: {} }), {}, began));
  const lives = { shop: live("shop", host) };

  function refusals(
    store: object,
    forcedCanary = true,
    known: Record<string, unknown> = {},
    runs: Record<string, LiveApp> = {},
    policy: object = {},
  ): string[] {
    try {
      const stack = forcedStack({ store: { domain: host, ...store } }, { forcedCanary, ...policy });
      planReleases(stack, { ...records, ...known }, now, { ...lives, ...runs });
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
    const free = recordsOf(
      planReleases(forcedStack({ shop: {} }, { forcedCanary: false }), {}, began),
    );
    assert.deepEqual(refusals({ stable: { version: "2.0.0" } }, false, free), []);
  });

  it("is not a first release if the app ran before on its own host", () => {
    const stable = { version: "2.0.0" };
    const known = recordsOf(planReleases(forcedStack({ store: { stable } }), {}, began));
    assert.deepEqual(refusals({ stable }, true, known, { store: live("store") }), []);
  });

  it("keeps the recorded image, and is refused with another one of the same version", () => {
    const [first, second] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
    const pinned = (digest?: string) => ({ stable: { version: "1.0.0", digest } });
    const known = recordsOf(planReleases(forcedStack({ shop: pinned(first) }), {}, began));
    const text = (own: string, runs: string) => [
      `store canary-before-stable: 1.0.0 would get requests of shop, whose stable release is 1.0.0, without having been canary, with another image (${own}, and ${runs} runs)`,
    ];
    assert.deepEqual(refusals(pinned(second), true, known), text(second!, first!));
    assert.deepEqual(refusals(pinned(second)), text(second!, "without a digest"));
    assert.deepEqual(refusals(pinned(first), true, known), []);
    const renamed = forcedStack({ store: { domain: host, ...pinned() } });
    const [store] = planReleases(renamed, known, now, lives);
    assert.equal(store?.plan.releases[0]?.digest, first);
    assert.equal(store?.plan.next.releases["1.0.0"]?.digest, first);
  });

  it("is judged by the policy in force for the other app, if the change makes it weaker", () => {
    const store = { stable: { version: "2.0.0" } };
    assert.equal(refusals(store, false).length, 1);
    const weaker = { by: "ann", reason: "no canary of a renamed app" };
    assert.equal(refusals(store, false, {}, {}, { weaker }).length, 1);
    const renamed = (policy?: object) =>
      planReleases(
        forcedStack({ store: { domain: host } }, { forcedCanary: false, ...policy }),
        records,
        now,
        lives,
      )[0]!.plan;
    assert.equal(renamed().next.guard?.forcedCanary, true);
    assert.match(renamed().notices[0]?.text ?? "", /the policy .* is weaker .* stays in force/);
    assert.equal(renamed({ weaker }).next.guard?.forcedCanary, false);
    assert.deepEqual(renamed({ weaker }).next.guard?.weaker, weaker);
  });

  it("is judged by a stack that the policy no longer requires", () => {
    const requires = "organization/platform/gray";
    const known = recordsOf(
      planReleases(
        forcedStack({ shop: {} }, { requires }),
        {},
        began,
        {},
        {
          shop: [{ stack: requires, releases: [{ key: "1.0.0", reason: "was stable" }] }],
        },
      ),
    );
    const [text = ""] = refusals({}, true, known);
    assert.match(
      text,
      /store required-stack: 1\.0\.0 is new in this stack, and organization\/platform\/gray/,
    );
  });

  it("comes with that policy for an app that ran before with a weaker one", () => {
    const known = recordsOf(
      planReleases(forcedStack({ store: {} }, { forcedCanary: false }), {}, began),
    );
    const stack = forcedStack(
      { shop: {}, store: { hosts: ["old.test"] } },
      { forcedCanary: false },
    );
    const runs = { shop: live("shop", host, "old.test"), store: live("store") };
    const plans = planReleases(stack, { ...records, ...known }, now, runs);
    assert.equal(plans.find(({ name }) => name === "store")?.plan.next.guard?.forcedCanary, true);
  });

  it("has the migrations and the floor of the release under its former name", () => {
    const migrate = { command: ["migrate"], contract: "0.9.0" };
    const shop = { migrate, noRollbackBelow: "0.5.0" };
    const known = recordsOf(planReleases(forcedStack({ shop }), {}, began));
    const planned = (store: object, recorded: Record<string, unknown> = known) =>
      planReleases(forcedStack({ store: { domain: host, ...store } }), recorded, now, lives)[0]!
        .plan;
    const { migrating, next } = planned({ migrate });
    assert.deepEqual(migrating, []);
    assert.deepEqual(next.migrated, known.shop?.migrated);
    assert.deepEqual(planned({ migrate, canary: { version: "2.0.0", weight: 0 } }).migrating, [
      "2.0.0",
    ]);
    const canary = (version: string) => ({
      migrate: { command: ["migrate"] },
      canary: { version, weight: 0 },
    });
    assert.deepEqual(refusals(canary("0.8.0"), true, known), [
      "store no-rollback-below: 0.8.0 is below 0.9.0, the oldest version that works since the migration of 1.0.0",
    ]);
    const floor = { shop: { ...known.shop, migrated: undefined } };
    assert.deepEqual(refusals(canary("0.4.0"), true, floor), [
      "store no-rollback-below: 0.4.0 is below noRollbackBelow: 0.5.0, which the last update had and this change removes",
    ]);
    assert.deepEqual(
      planned({ migrate }, floor).migrating,
      [],
      "although no migration is recorded",
    );
  });

  it("counts a migration that a failed update of the other app ran", () => {
    const job = { job: "shop-1-0-0-migrate", state: "complete" as const, version: "1.1.0" };
    const ran = { ...job, at: began.toISOString(), contract: "1.0.0" };
    const shop = { ...live("shop", host), migrations: { "shop-1-1-0": [ran] } };
    const canary = { version: "0.9.0", weight: 0 };
    assert.equal(refusals({ canary }, true, {}, { shop }).length, 1);
  });

  it("cannot use an override again that the other app has used", () => {
    const override = { reason: "payments are down", by: "ann" };
    const shop = { stable: { version: "1.1.0" }, override };
    const known = recordsOf(planReleases(forcedStack({ shop }), records, now, lives));
    const store = { stable: { version: "2.0.0" }, override };
    assert.deepEqual(
      refusals(store, true, known).map((text) => text.split(":")[0]),
      ["store canary-before-stable", "store override-used"],
    );
    assert.deepEqual(refusals({ ...shop }, true, known), []);
    const renamed = forcedStack({ store: { domain: host, ...shop } });
    const [plan] = planReleases(renamed, known, now, lives);
    assert.deepEqual(plan?.plan.next.usedOverride, override);
    assert.deepEqual(
      refusals({ ...store, override: { ...override, reason: "still" } }, true, known),
      [],
    );
  });

  it("is refused for a longer path of a host that another app keeps", () => {
    const stack = forcedStack({
      shop: { hosts: ["www.test"] },
      orders: { hosts: ["www.test"], paths: ["/api"], stable: { version: "2.0.0" } },
    });
    const runs = { shop: live("shop", host, "www.test") };
    assert.throws(() => planReleases(stack, records, now, runs), {
      message: /orders: 2\.0\.0 would get requests of shop, .* \(canary-before-stable\)/,
    });
  });

  it("is refused without a digest if the two apps that it replaces run different images", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const both = { shop: { stable: { version: "1.0.0", digest } }, news: {} };
    const known = recordsOf(planReleases(forcedStack(both), {}, began));
    const found = refusals({ hosts: ["old.test"] }, true, known, {
      news: live("news", "old.test"),
    });
    assert.equal(found.length, 1);
    assert.match(found[0]!, /with another image \(without a digest, and sha256:a+ runs\)/);
  });

  it("is refused if nothing is recorded about the app that serves the host", () => {
    const found = refusals({}, true, { shop: undefined }, { shop: live("shop", host) });
    assert.deepEqual(found, [
      "store canary-before-stable: 1.0.0 would get requests of shop, whose stable release is 1.0.0, without having been canary; nothing is recorded about it",
    ]);
  });

  it("is refused after a first update that failed, too", () => {
    const left = { store: { services: {}, releases: { "store-2-0-0": { ready: 1 } } } };
    const stable = { version: "2.0.0" };
    assert.equal(refusals({ stable }, true, {}, left).length, 1);
    const selected = { key: "2.0.0", name: "store-2-0-0" };
    const served = { store: { ...left.store, services: { stable: selected, canary: selected } } };
    assert.equal(refusals({ stable }, true, {}, served).length, 1);
  });

  it("is refused in the preview's report, too", () => {
    const config = forcedStack({ store: { domain: host, stable: { version: "2.0.0" } } });
    const report = trafficOf("prod", config, records, now, lives);
    assert.deepEqual(
      report.find(({ app }) => app === "store")?.refusals.map(({ rule }) => rule),
      ["canary-before-stable"],
    );
  });
});

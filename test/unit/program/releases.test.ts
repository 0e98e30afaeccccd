import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseStack, type StackConfig } from "../../../config";
import type { LiveApp } from "../../../program/wait/live-app";
import { jobTexts, jobTimes } from "../../../program/jobs";
import { desiredApp } from "../../../program/decision";
import { RefusedReleases, planReleases } from "../../../program/releases";

const noon = new Date("2026-11-21T12:00:00Z");

function stack(apps: Record<string, object>, more: object = {}): StackConfig {
  const app = { team: "commerce", image: "harbor.platform.test/shop/shop" };
  return parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    apps: Object.fromEntries(
      Object.entries(apps).map(([name, fields]) => [
        name,
        { ...app, domain: `${name}.platform.test`, ...fields },
      ]),
    ),
    ...more,
  });
}

/** Returns an app in the cluster whose Services both select a release. */
function running(key: string): LiveApp {
  const role = { key, name: `shop-${key.replaceAll(".", "-")}` };
  return {
    services: { stable: role, canary: role },
    weight: 0,
    releases: { [role.name]: { ready: 2 } },
  };
}

function refusals(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof RefusedReleases, String(error));
    return error.refusals.map(({ app, rule, message }) => `${app}: ${rule}: ${message}`);
  }
  return [];
}

describe("the releases of a whole stack", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  it("are refused if two apps' releases produce the same name", () => {
    const config = stack({
      shop: { stable: { version: "1.4.2" } },
      "shop-1": { stable: { version: "4.2" } },
    });
    assert.deepEqual(
      refusals(() => planReleases(config, {}, noon)),
      [
        "shop-1: names-clash: the objects of release 4.2 would be named shop-1-4-2, like those of release 1.4.2 of app shop",
      ],
    );
  });

  it("use one protocol, because their Services declare it while they change", () => {
    const shop = { stable: { version: "1.4.2" } };
    const [first] = planReleases(stack({ shop: { ...shop, protocol: "h2c" } }), {}, noon);
    const records = { shop: first?.plan.next };
    const next = { ...shop, canary: { version: "1.5.0", weight: 0 } };
    assert.deepEqual(
      refusals(() => planReleases(stack({ shop: next }), records, noon)),
      ["shop: one-protocol: 1.5.0 speaks http, and 1.4.2 h2c"],
    );
    const same = stack({ shop: { ...next, protocol: "h2c" } });
    assert.equal(planReleases(same, records, noon).length, 1);
  });

  it("are frozen for one app, for a team and for every app", () => {
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    const config = stack(
      { shop: { stable: { version: "1.4.2" }, freeze } },
      { freeze, teamFreezes: { commerce: freeze } },
    );
    const { freezes } = desiredApp("shop", config.apps["shop"]!, config);
    assert.deepEqual(
      freezes.map(({ scope }) => scope),
      ["app shop", "team commerce", "every app"],
    );
  });

  it("are frozen with the team that an app leaves, also by a freeze that no update recorded", () => {
    const stable = { stable: { version: "1.4.2" } };
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    const frozen = { teamFreezes: { commerce: freeze } };
    const news = { news: stable };
    const before = planReleases(stack({ shop: stable, ...news }), {}, noon);
    const records = Object.fromEntries(before.map(({ name, plan }) => [name, plan.next]));
    const text = "team commerce is frozen until 2027-01-01T00:00:00Z: sale";
    const moved = { ...stable, team: "content" };
    assert.deepEqual(
      refusals(() => planReleases(stack({ shop: moved, ...news }, frozen), records, noon)),
      [`shop: frozen: ${text}`],
    );
    assert.deepEqual(
      refusals(() => planReleases(stack(news, frozen), records, noon)),
      [`shop: frozen: shop would be deleted, and ${text}`],
    );
    const [there] = planReleases(stack({ shop: moved, ...news }), records, noon);
    const after = { ...records, shop: there?.plan.next };
    assert.equal(planReleases(stack({ shop: moved, ...news }, frozen), after, noon).length, 2);
  });

  it("without a record: what the cluster runs as stable is adopted, anything else is refused", () => {
    const config = stack({ shop: { stable: { version: "1.4.2" } } });
    const [adopted] = planReleases(config, {}, noon, { shop: running("1.4.2") });
    assert.deepEqual(
      adopted?.plan.steps.map(({ kind }) => kind),
      ["adopt"],
    );
    const [rule] = refusals(() => planReleases(config, {}, noon, { shop: running("1.4.1") }));
    assert.match(rule ?? "", /^shop: (canary-before-stable|release-not-kept): /);
    const [first] = planReleases(config, {}, noon, {});
    assert.ok(first?.plan.steps.some(({ kind }) => kind === "first-deployment"));
  });

  describe("of an app whose stable release the config no longer names", () => {
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    const override = { by: "ann", reason: "the shop moves out" };
    const recordOf = (more: object = {}) => {
      const shop = { stable: { version: "1.4.2" } };
      const [first] = planReleases(stack({ shop }), {}, noon);
      const [next] = planReleases(stack({ shop }, more), { shop: first?.plan.next }, noon);
      return { shop: next?.plan.next };
    };
    const lost = (fields: object = {}, more: object = {}, records = recordOf(more)) =>
      refusals(() => planReleases(stack({ shop: fields }, more), records, noon));
    const removed = (more: object = {}, records = recordOf(more)) =>
      refusals(() => planReleases(stack({}, more), records, noon));

    it("are not deleted if the line is lost", () => {
      const message =
        "shop: stable-missing: shop has no stable release in the config, and 1.4.2 is live: all of it would be deleted";
      assert.deepEqual(lost(), [message]);
      assert.deepEqual(lost({}, { freeze }), [
        message,
        "shop: frozen: shop would be deleted, and every app is frozen until 2027-01-01T00:00:00Z: sale",
      ]);
      assert.deepEqual(lost({ override }, { freeze }), []);
      assert.deepEqual(
        refusals(() => planReleases(stack({ shop: {} }), {}, noon)),
        [],
      );
    });

    it("are deleted with the app, but not during a freeze, or by a change that removes the freeze", () => {
      assert.deepEqual(removed(), []);
      const frozen = [
        "shop: frozen: shop would be deleted, and every app is frozen until 2027-01-01T00:00:00Z: sale",
      ];
      assert.deepEqual(removed({ freeze }), frozen);
      assert.deepEqual(removed({}, recordOf({ freeze })), frozen);
      const [team] = removed({}, recordOf({ teamFreezes: { commerce: freeze } }));
      assert.match(team ?? "", /^shop: frozen: .*team commerce is frozen/);
      const over = { until: "2026-11-21T11:00:00Z", reason: "sale" };
      assert.deepEqual(removed({ freeze: over }), []);
    });

    it("need a reason other than that of an earlier change", () => {
      const [record] = Object.values(recordOf());
      assert.ok(record !== undefined);
      const records = { shop: { ...record, usedOverride: override } };
      assert.equal(lost({ override }, {}, records).length, 1);
    });
  });

  it("keep the jobs of the stable release as long as it is stable, and after a rollback", () => {
    const schedule = "0 2 * * *";
    const billing = { billing: { command: ["bill"], schedule } };
    const invoices = { invoices: { command: ["bill"], schedule: "0 3 * * *" } };
    const free = { releases: { forcedCanary: false, soak: "0s", checkRequired: false, retain: 1 } };
    let records: Record<string, unknown> = {};
    const jobs = (shop: object) => {
      const [made] = planReleases(stack({ shop }, free), records, noon);
      assert.ok(made !== undefined);
      records = { shop: JSON.parse(JSON.stringify(made.plan.next)) as unknown };
      const times = Object.entries(jobTimes(made.app, made.plan));
      const texts = jobTexts(made.app, made.plan);
      return [times.map(([job, when]) => `${job} ${when.schedule}`).sort(), texts];
    };
    const old = { version: "1.4.2" };
    const trial = { version: "1.5.0", weight: 5 };
    const both = ["billing 0 2 * * *", "invoices 0 3 * * *"];
    assert.deepEqual(jobs({ stable: old, cron: billing }), [["billing 0 2 * * *"], []]);
    const waiting = [
      "cron invoices runs once a release that has it is stable",
      "cron billing continues until a release without it is stable",
    ];
    assert.deepEqual(jobs({ stable: old, canary: trial, cron: invoices }), [both, waiting]);
    assert.deepEqual(jobs({ stable: old, canary: trial, cron: invoices }), [both, waiting]);
    assert.deepEqual(jobs({ stable: { version: "1.5.0" }, cron: invoices }), [both, []]);
    assert.deepEqual(jobs({ stable: old, cron: invoices }), [both, waiting]);
    jobs({ stable: { version: "1.5.0" }, cron: invoices });
    const next = { ...invoices, more: { command: ["more"], schedule } };
    jobs({ stable: { version: "1.6.0" }, cron: next });
    const last = jobs({ stable: { version: "1.6.0" }, cron: next })[0];
    assert.deepEqual(last, ["invoices 0 3 * * *", "more 0 2 * * *"]);
  });
});

import assert from "node:assert/strict";
import type { LiveApp } from "../../../../program/wait/live-app";
import { notAsPlanned } from "../../../../program/wait/recorded";
import { notAsRecorded } from "../../../../program/live-differences";
import { hour, Story, withCanary } from "../../releases/story";

const stable = { key: "1.4.2", name: "shop-1-4-2" };
const canary = { key: "1.5.0", name: "shop-1-5-0" };
const asPlanned: LiveApp = {
  services: { stable, canary },
  weight: 20,
  releases: { "shop-1-4-2": { ready: 2 }, "shop-1-5-0": { ready: 2 } },
};

describe("the record of an app's releases", () => {
  const story = withCanary();
  const plan = story.planned({ canary: { version: "1.5.0", weight: 20 } }, hour);

  it("is written if the cluster runs Services, route and Deployments as planned", () => {
    assert.deepEqual(notAsPlanned(plan, asPlanned, "shop", "route"), []);
  });

  it("does not depend on the weight of a route that an Ingress replaces", () => {
    const services = { stable: stable.name, canary: stable.name };
    const weights = { stable: 100, canary: 0 } as const;
    const ended = { ...plan, services, weights, releases: plan.releases.slice(0, 1) };
    const live = { ...asPlanned, services: { stable, canary: stable }, weight: 5 };
    assert.deepEqual(notAsPlanned(ended, live, "shop", "ingress"), []);
    assert.deepEqual(notAsPlanned(ended, live, "shop", "route"), [
      "the route gives 5% to shop-canary, not 0%",
    ]);
  });

  it("does not miss a route that replaces an Ingress only in this update", () => {
    const resting = new Story();
    resting.up({}, 0);
    const live = { ...asPlanned, services: { stable, canary: stable }, weight: undefined };
    const differences = (ingress?: true) =>
      notAsRecorded(resting.record!, { ...live, ingress }, "shop", "route").length;
    assert.deepEqual([differences(true), differences()], [0, 1]);
  });

  it("is not written if the app's route is missing, except for an app with an Ingress", () => {
    const routeless = { ...asPlanned, weight: undefined };
    const missing = "there is no HTTPRoute shop";
    assert.deepEqual(notAsPlanned(plan, routeless, "shop", "route"), [missing]);
    assert.deepEqual(notAsPlanned(plan, routeless, "shop", "ingress"), []);
    const { record } = story;
    assert.ok(record !== undefined);
    assert.deepEqual(notAsRecorded(record, routeless, "shop", "route"), [
      `the cluster is not as the last update recorded it: ${missing}`,
    ]);
    assert.deepEqual(notAsRecorded(record, routeless, "shop", "ingress"), []);
  });

  it("is not written by an update that did not deploy everything, as with --target or --run-program", () => {
    const before = {
      services: { stable, canary: stable },
      weight: 0,
      releases: { "shop-1-4-2": { ready: 2 } },
    };
    assert.deepEqual(notAsPlanned(plan, before, "shop", "route"), [
      "Service shop-canary selects shop-1-4-2, not shop-1-5-0",
      "the route gives 0% to shop-canary, not 20%",
      "there is no Deployment shop-1-5-0",
    ]);
    assert.deepEqual(notAsPlanned(plan, undefined, "shop", "route"), [
      "none of its objects is in the cluster",
    ]);
  });

  it("is not written if a migration did not run", () => {
    const migrating = { ...plan, migrating: ["1.5.0"] };
    const job = { job: "shop-1-5-0-migrate", version: "1.5.0" };
    const withJob = (state: "running" | "complete" | "failed") => ({
      ...asPlanned,
      migrations: { "shop-1-5-0": [{ ...job, state }] },
    });
    const missing = ["the migration of shop-1-5-0 has not run"];
    assert.deepEqual(notAsPlanned(migrating, asPlanned, "shop", "route"), missing);
    assert.deepEqual(notAsPlanned(migrating, withJob("failed"), "shop", "route"), missing);
    assert.deepEqual(notAsPlanned(migrating, withJob("complete"), "shop", "route"), []);
  });

  it("is compared with the live state afterwards: a weight changed by hand is reported", () => {
    const { record } = story;
    assert.ok(record !== undefined);
    assert.deepEqual(notAsRecorded(record, { ...asPlanned, weight: 10 }, "shop", "route"), []);
    assert.deepEqual(notAsRecorded(record, { ...asPlanned, weight: 50 }, "shop", "route"), [
      "the cluster is not as the last update recorded it: the route gives 50% to shop-canary, not 10%",
    ]);
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseStack, type StackConfig } from "../../../config";
import type { LiveApp } from "../../../program/wait/live-app";
import { IllegalReleases, desiredApp, planReleases } from "../../../program/releases";

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

/** A cluster's app whose Services both select a release. */
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
    assert.ok(error instanceof IllegalReleases, String(error));
    return error.refusals.map(({ app, rule, message }) => `${app}: ${rule}: ${message}`);
  }
  return [];
}

describe("the releases of a whole stack", () => {
  before(() =>
    pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }),
  );

  it("are refused when two apps' releases come to one name", () => {
    const config = stack({
      shop: { stable: { version: "1.4.2" } },
      "shop-1": { stable: { version: "4.2" } },
    });
    assert.deepEqual(
      refusals(() => planReleases(config, {}, noon)),
      [
        "shop-1: names-clash: the objects of release 4.2 would be named shop-1-4-2, as those of release 1.4.2 of app shop are",
      ],
    );
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
});

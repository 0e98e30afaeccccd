import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { declareApps, deadlineOf } from "../../../program/apps";
import { planReleases, rolesOf } from "../../../program/releases";
import { declare, type Declared } from "../../support/declare";

const noon = new Date("2026-11-21T12:00:00Z");

function stack(shop: object) {
  return parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases: { forcedCanary: false, soak: "0s", checkRequired: false },
    apps: {
      shop: {
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
        ...shop,
      },
    },
  });
}

describe("the apps of a stack", () => {
  it("keep the CronJob of the stable release while a canary without the job exists", async () => {
    const job = { command: ["bill"], schedule: "0 2 * * *" };
    let records: Record<string, unknown> = {};
    const declared = async (shop: object): Promise<Declared> => {
      const config = stack(shop);
      const plans = planReleases(config, records, noon);
      records = { shop: plans[0]?.plan.next };
      const platform = {
        context: { environment: "dev" },
        gateway: { name: "dev", namespace: "gateway" },
      };
      return declare((provider) => {
        declareApps(config, plans, platform, { provider });
      });
    };
    const first = await declared({ cron: { billing: job } });
    assert.deepEqual(first.names("CronJob"), ["shop-billing"]);
    const trial = { canary: { version: "1.5.0", weight: 5 }, cron: { invoices: job } };
    assert.deepEqual((await declared(trial)).names("CronJob"), ["shop-billing"]);
  });

  it("have as much time to become ready as the slowest of their releases may take to start", () => {
    const startup = (failureThreshold: number) => ({
      probes: { startup: { path: "/", periodSeconds: 10, failureThreshold } },
    });
    const deadline = (...shops: object[]) => {
      let records: Record<string, unknown> = {};
      const plans = shops.map((shop) => {
        const [planned] = planReleases(stack(shop), records, noon);
        assert.ok(planned);
        records = { shop: planned.plan.next };
        return planned;
      });
      const last = plans.at(-1)!;
      return deadlineOf(last.app, rolesOf(last).releases);
    };
    const next = { stable: { version: "1.5.0" } };
    assert.equal(deadline(startup(6)), 300);
    assert.equal(deadline(startup(60)), 660);
    assert.equal(deadline(startup(60), { ...startup(6), ...next }), 660);
    assert.equal(deadline({ ...startup(60), progressDeadlineSeconds: 200 }), 200);
  });
});

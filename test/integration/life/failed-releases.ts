import assert from "node:assert/strict";
import { findUnaccounted } from "../../support/bookkeeping";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped, type Ended } from "../../support/results";
import { whileUnschedulable } from "../../support/unschedulable";
import { LifeApps } from "./apps";

/** Declares the tests of updates in which releases of three apps do not get ready. */
export function refusesUnreadyReleases(current: () => TestStack): void {
  describe("if the pods of a canary are no longer ready", () => {
    it("does not promote it", async () => {
      const stack = current();
      const apps = new LifeApps(stack);
      const config = stack.config();
      await apps.ready("1.5.0", "False");
      apps.makeStable("shop", "1.5.0");
      await stack.mustFail(
        // Two waits end at the same time; the engine shows the first one.
        /The share of shop-1-5-0 was not raised, after 20 s: \d of the 4 pods that it needs are ready|Service commerce-dev\/shop-stable stays as it is: shop-1-5-0 cannot take its requests, after 20 s: none of its pods is ready/,
        "up",
      );
      assert.equal(await apps.readSelected(), "shop-1-4-2");
      await apps.ready("1.5.0", "True");
      stack.write(config);
    });
  });

  // One update that fails twice takes as long as one of the two.
  describe("if a canary never becomes ready, and a migration fails", () => {
    let stack: TestStack;
    let apps: LifeApps;
    let serving: string[];
    let failed: Ended;
    let comment: string;
    let found: Awaited<ReturnType<typeof findUnaccounted>>;
    before(async () => {
      stack = current();
      apps = new LifeApps(stack);
      serving = await apps.listServing();
      stack.editApp("news", (news) => {
        const canary = { version: "2.1.0", weight: 0 };
        Object.assign(news, { canary, progressDeadlineSeconds: 15 });
      });
      // Nodes are simulated: a Job fails here because its pod is not scheduled before its deadline.
      apps.migrateWithin(5);
      stack.editApp("orders", (orders) => {
        orders["canary"] = { version: "3.2.0", weight: 10 };
      });
      await whileUnschedulable(stack, async () => {
        failed = unwrapped(await stack.pulumi("up"));
        found = await findUnaccounted(stack);
        ({ output: comment } = await stack.platform("preview"));
      });
    });

    it("moves no requests and starts no pods after the failed migration, and says where its log is", async () => {
      failedWith(
        failed,
        /The migration of orders-3-2-0 failed: DeadlineExceeded: .* Read its log with "kubectl logs --namespace content-dev job\/orders-3-2-0-migrate"/,
      );
      assert.deepEqual(await apps.listServing(), serving);
      assert.doesNotMatch(await stack.kubectl("get", "deploy", "-A", "-o", "name"), /orders-3-2-0/);
    });

    it("records the canary, and a preview says that the update waits for it", async () => {
      failedWith(failed, /Deployment content-dev\/news-2-1-0 failed: /);
      await stack.kubectl("get", "deploy", "news-2-1-0", "-n", "content-dev");
      assert.deepEqual(found, { orphaned: [], missing: [] });
      assert.match(
        comment,
        /^\*\*update\*\* `Deployment content-dev\/news-2-1-0` .*: waited for again, because it was not ready/m,
      );
    });
  });
}

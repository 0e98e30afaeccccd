import assert from "node:assert/strict";
import { findUnaccounted } from "../../support/bookkeeping";
import { Mailer } from "../../support/mailer";
import type { TestStack } from "../../support/project";
import { LifeApps } from "./apps";

/** Name of the Job that runs the migration of `orders` once more. */
export const second = "orders-3-2-0-migrate-2";

/** Declares the tests of the update after the one that failed: it promotes, migrates, and takes a canary back. */
export function promotesReleases(current: () => TestStack): void {
  describe("in the update after one that failed", () => {
    let stack: TestStack;
    let apps: LifeApps;
    let mailer: Mailer;
    let output: string;
    before(async () => {
      stack = current();
      apps = new LifeApps(stack);
      mailer = new Mailer(stack);
      stack.editApp("news", (news) => {
        delete news["canary"];
        delete news["progressDeadlineSeconds"];
      });
      apps.migrateWithin(120);
      apps.makeStable("shop", "1.5.0");
      apps.makeStable("mailer", "1.5.0");
      output = await stack.must("up");
    });

    it("leaves nothing of a canary that was removed", async () => {
      assert.deepEqual(await findUnaccounted(stack), { orphaned: [], missing: [] });
      assert.doesNotMatch(await stack.kubectl("get", "deploy", "-A", "-o", "name"), /news-2-1-0/);
    });

    it("promotes with autoscaler, Services and route: no live Deployment changes", () => {
      assert.match(output, /promote 1\.5\.0: it is stable in place of 1\.4\.2/);
      const steps = output.matchAll(/(\w+) (shop\S*) (created|updated|deleted|replaced)\b/g);
      assert.deepEqual([...steps].map(([step]) => step).sort(), [
        "HTTPRoute shop updated",
        // Keeps the pods that the release was scaled to before its share rose.
        "HorizontalPodAutoscaler shop-1-5-0 updated",
        "Service shop-stable updated",
      ]);
    });

    it("gives a promoted worker all pods", async () => {
      await mailer.become({
        "mailer-1-4-2": ["retained", 0, 0],
        "mailer-1-5-0": ["stable", 4, 4],
      });
    });

    it("runs a migration that failed once more, and then starts the release", async () => {
      assert.match(output, /run the migration of 3\.2\.0, once, before its first pod starts/);
      assert.deepEqual(Object.keys(await apps.migrations()), [second]);
      assert.deepEqual(await apps.listServing(), ["orders-3-1-0", "orders-3-2-0", "90 10"]);
      const list = [
        "get",
        `job/${second}`,
        "deploy/orders-3-2-0",
        ...LifeApps.inTeam,
        "-o",
        "json",
      ];
      const { items } = JSON.parse(await stack.kubectl(...list)) as {
        items: { metadata: { creationTimestamp: string }; status: { completionTime?: string } }[];
      };
      const [completed = NaN] = items.flatMap(({ status }) =>
        Date.parse(status.completionTime ?? ""),
      );
      assert.ok(Date.parse(items[1]?.metadata.creationTimestamp ?? "") >= completed);
      // Its time as canary begins when it gets requests, not when the update begins.
      const { releases } = (await stack.outputs()) as {
        releases: { orders: { releases: Record<string, { canarySince: string }> } };
      };
      const { canarySince } = releases.orders.releases["3.2.0"] ?? { canarySince: "" };
      assert.ok(Date.parse(canarySince) > completed, canarySince);
    });
  });
}

import assert from "node:assert/strict";
import { Mailer } from "../../support/mailer";
import { succeeded, type TestStack } from "../../support/project";
import { LifeApps } from "./apps";
import { second } from "./promotions";

/** Declares the tests of the rollbacks of `shop` and `mailer`, and of the promotion of `orders` in the same update. */
export function rollsBack(current: () => TestStack): void {
  describe("when releases are rolled back", () => {
    let stack: TestStack;
    let apps: LifeApps;
    let output: string;
    let ran: Record<string, string>;
    before(async () => {
      stack = current();
      apps = new LifeApps(stack);
      ran = await apps.migrations();
      await apps.ready("1.5.0", "False");
      await stack.must("refresh");
      apps.makeStable("mailer", "1.4.2");
      apps.makeStable("orders", "3.2.0");
      output = succeeded(await stack.release("rollback", "shop", "--update"));
    });
    after(() => apps.ready("1.5.0", "True"));

    it("rolls back from a release that is not ready, and an earlier refresh noted that", async () => {
      assert.match(output, /Not waited for: Deployment commerce-dev\/shop-1-5-0/);
      assert.equal(await apps.readSelected(), "shop-1-4-2");
    });

    it("rolls a worker back to the kept release, which has no pods until then", async () => {
      assert.match(output, /roll back to 1\.4\.2 from 1\.5\.0/);
      await new Mailer(stack).become({
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      });
    });

    it("does not run a migration again at a promotion", async () => {
      assert.doesNotMatch(output, /run the migration|:Job /);
      assert.deepEqual(await apps.listServing(), ["orders-3-2-0", "orders-3-2-0", "100 0"]);
      assert.deepEqual(Object.keys(ran), [second]);
      assert.deepEqual(await apps.migrations(), ran);
    });
  });
}

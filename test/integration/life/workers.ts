import assert from "node:assert/strict";
import { Mailer } from "../../support/mailer";
import type { TestStack } from "../../support/project";

/** Declares the tests of the releases of `mailer`, the worker of the stack. */
export function sharesPods(current: () => TestStack): void {
  describe("where a worker has no requests", () => {
    let stack: TestStack;
    let mailer: Mailer;
    before(() => {
      stack = current();
      mailer = new Mailer(stack);
    });
    const inTeam = ["-n", "commerce-dev"];

    it("gives its canary a share of the pods, and has no Service, route or autoscaler", async () => {
      assert.deepEqual(await mailer.releases(), {
        "mailer-1-4-2": ["stable", 3, 3],
        "mailer-1-5-0": ["canary", 1, 1],
      });
      const kinds = "service,httproute,hpa,endpointslice";
      assert.equal(
        await stack.kubectl("get", kinds, ...inTeam, ...Mailer.selector, "-o", "name"),
        "",
      );
    });

    it("moves pods with the weight, and changes nothing a second time", async () => {
      mailer.edit((app) => (app.canary = { version: "1.5.0", weight: 50 }));
      assert.match(await stack.must("up"), /2 updated/);
      await mailer.become({
        "mailer-1-4-2": ["stable", 2, 2],
        "mailer-1-5-0": ["canary", 2, 2],
      });
      await stack.must("up", "--expect-no-changes");
    });

    it("promotes, and rolls back to the kept release, which has no pods until then", async () => {
      mailer.edit((app) => {
        app.stable = { version: "1.5.0" };
        delete app.canary;
      });
      await stack.must("up");
      await mailer.become({
        "mailer-1-4-2": ["retained", 0, 0],
        "mailer-1-5-0": ["stable", 4, 4],
      });
      mailer.edit((app) => (app.stable = { version: "1.4.2" }));
      assert.match(await stack.must("up"), /roll back to 1\.4\.2 from 1\.5\.0/);
      await mailer.become({
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      });
      await stack.must("refresh", "--expect-no-changes");
    });
  });
}

import assert from "node:assert/strict";
import { Mailer } from "../../support/mailer";
import type { TestStack } from "../../support/project";

/** Declares the tests of the shares of canaries: `shop` has requests, and the worker `mailer` has none. */
export function sharesWork(current: () => TestStack): void {
  describe("when a canary has a share", () => {
    let stack: TestStack;
    let mailer: Mailer;
    before(() => {
      stack = current();
      mailer = new Mailer(stack);
    });

    it("gives a worker's canary a share of the pods, and no Service, route or autoscaler", async () => {
      assert.deepEqual(await mailer.releases(), {
        "mailer-1-4-2": ["stable", 3, 3],
        "mailer-1-5-0": ["canary", 1, 1],
      });
      const kinds = "service,httproute,hpa,endpointslice";
      const found = ["get", kinds, "-n", "commerce-dev", ...Mailer.selector, "-o", "name"];
      assert.equal(await stack.kubectl(...found), "");
    });

    it("changes exactly the route, and a worker's pods, with the weight", async () => {
      stack.editApp<{ canary: { weight: number } }>("shop", ({ canary }) => {
        canary.weight = 50;
      });
      mailer.edit((app) => (app.canary = { version: "1.5.0", weight: 50 }));
      const output = await stack.must("up", "--refresh");
      assert.match(output, /~ 3 updated\s+\d+ unchanged/);
      assert.match(output, /HTTPRoute shop updated/);
      const weights = await stack.kubectl(
        ...["get", "httproute", "shop", "-n", "commerce-dev", "-o"],
        "jsonpath={.spec.rules[*].backendRefs[*].weight}",
      );
      assert.equal(weights, "0 100 50 50");
      await mailer.become({
        "mailer-1-4-2": ["stable", 2, 2],
        "mailer-1-5-0": ["canary", 2, 2],
      });
    });

    it("records each app's releases for the next update", async () => {
      const { apps } = (await stack.outputs()) as {
        apps: { shop: { traffic: { version: string; weight: number }[] } };
      };
      assert.deepEqual(
        apps.shop.traffic.map(({ version, weight }) => [version, weight]),
        [
          ["1.4.2", 50],
          ["1.5.0", 50],
        ],
      );
    });
  });
}

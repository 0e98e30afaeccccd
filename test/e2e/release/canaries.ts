import assert from "node:assert/strict";
import { within, type ReleasedShop } from "./shop";

/** Declares the tests of who reaches a canary. */
export function reachesCanaries(current: () => ReleasedShop): void {
  describe("while a canary has no share, and gets one", () => {
    let shop: ReleasedShop;
    before(() => (shop = current()));

    it("a canary without a share is reached by the header only", async () => {
      await shop.apply({ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 0 } });
      assert.deepEqual((await shop.ask(50, { "x-gray": "1" })).byRelease, { "1.5.0": 50 });
      assert.deepEqual((await shop.ask(200)).byRelease, { "1.4.2": 200 });
      shop.noneFailed();
    });

    for (const [kind, headers, path] of [
      ["a cookie", { cookie: "gray=1" }],
      ["a cookie among others", { cookie: "a=2; gray=1; b=3" }],
      ["a parameter of the query", {}, "/?a=2&gray=1"],
      ["two headers", { "x-tenant": "acme", "X-Region": "eu" }],
    ] as const) {
      it(`a canary without a share is reached by ${kind} if the app configures it`, async () => {
        assert.deepEqual((await shop.ask(50, { ...headers }, path)).byRelease, { "1.5.0": 50 });
        shop.noneFailed();
      });
    }

    for (const [kind, headers, path] of [
      ["a cookie of another name or value", { cookie: "xgray=1; gray=11; gray.=1" }],
      ["another parameter", {}, "/?gray=2&xgray=1"],
      ["one header of two", { "x-tenant": "acme" }],
    ] as const) {
      it(`a canary without a share is not reached by ${kind}`, async () => {
        assert.deepEqual((await shop.ask(50, { ...headers }, path)).byRelease, { "1.4.2": 50 });
        shop.noneFailed();
      });
    }

    for (const weight of [10, 50]) {
      it(`a canary of ${weight}% gets its share, within the binomial bounds`, async () => {
        await shop.apply({ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight } });
        within(await shop.ask(1000), "1.5.0", weight / 100);
        assert.deepEqual((await shop.ask(50, { "x-gray": "1" })).byRelease, { "1.5.0": 50 });
        shop.noneFailed();
      });
    }
  });
}

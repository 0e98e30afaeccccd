import assert from "node:assert/strict";
import { reachesCanaries } from "./release/canaries";
import { guardsEntrance } from "./release/entrance";
import { handsHostsOver } from "./release/handover";
import { servesIngresses } from "./release/ingress";
import { promotesReleases } from "./release/promotions";
import { ReleasedShop } from "./release/shop";

describe("a release under constant load, through pulumi up and a real gateway", function () {
  this.timeout(600_000);
  const shop = new ReleasedShop();
  before(() => shop.start());
  after(() => shop.stop());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await shop.printState();
  });

  reachesCanaries(() => shop);
  guardsEntrance(() => shop);
  servesIngresses(() => shop);
  promotesReleases(() => shop);
  handsHostsOver(() => shop);

  // In a suite, because Mocha runs the tests of a suite before its nested suites.
  describe("in the end", () => {
    it("no request failed in all that time, and the kubelet saw no error", async () => {
      const { total, failed } = await shop.load.stop();
      console.log(`      ${total} requests, ${failed.length} failed`);
      assert.ok(total > 1000);
      assert.deepEqual(failed, []);
      assert.deepEqual(shop.kubelet.errors, []);
    });
  });
});

import assert from "node:assert/strict";
import { within, type ReleasedShop } from "./shop";

/** Declares the tests of promotions, rollbacks and failures. */
export function promotesReleases(current: () => ReleasedShop): void {
  describe("when releases are promoted, rolled back and fail", () => {
    let shop: ReleasedShop;
    before(() => (shop = current()));

    it("a version that was never a canary cannot be promoted, and nothing changes", async () => {
      shop.set({ stable: { version: "1.6.0" } });
      for (const verb of ["preview", "up"]) {
        await shop.stack.mustFail(
          /1\.6\.0 is requested as stable, but 1\.4\.2 is stable and 1\.5\.0 is the canary/,
          verb,
        );
      }
      within(await shop.ask(500), "1.5.0", 0.5);
      shop.noneFailed();
    });

    it("a promotion moves all requests at once and touches no Deployment", async () => {
      shop.set({ stable: { version: "1.5.0" } });
      const { code, output } = await shop.stack.pulumi("preview", "--diff");
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /[-+~] kubernetes:apps\/v1:Deployment/);
      await shop.apply({ stable: { version: "1.5.0" } });
      assert.deepEqual((await shop.ask(300)).byRelease, { "1.5.0": 300 });
      shop.noneFailed();
    });

    it("a rollback reuses the former release's pods, and first adds those that its share needs", async () => {
      const before = shop.kubelet.running();
      await shop.apply({ stable: { version: "1.4.2" } });
      assert.deepEqual((await shop.ask(300)).byRelease, { "1.4.2": 300 });
      const after = new Set(shop.kubelet.running());
      const gone = before.filter((pod) => !after.has(pod));
      assert.deepEqual(gone, [], "pods were replaced");
      shop.noneFailed();
    });

    it("a hotfix replaces a canary, soaks and is promoted; the replaced canary is retired", async () => {
      await shop.apply({ stable: { version: "1.4.2" }, canary: { version: "1.6.0", weight: 20 } });
      await shop.apply({ stable: { version: "1.4.2" }, canary: { version: "1.4.3", weight: 50 } });
      within(await shop.ask(1000), "1.4.3", 0.5);
      assert.deepEqual(shop.versionsRunning(), ["1.4.2", "1.4.3", "1.5.0"]);
      await shop.apply({ stable: { version: "1.4.3" } });
      assert.deepEqual((await shop.ask(300)).byRelease, { "1.4.3": 300 });
      shop.noneFailed();
    });

    it("a former release is retired once another one is kept for a rollback", async () => {
      assert.deepEqual(shop.versionsRunning(), ["1.4.2", "1.4.3"]);
      assert.doesNotMatch(
        await shop.stack.kubectl("get", "deployments,pods", "-A"),
        /shop-1-(5|6)-0/,
      );
      shop.noneFailed();
    });

    it("a canary that crashes gets no request: its update fails and is undone, and stable keeps all requests", async () => {
      shop.stack.editApp<{ env: Record<string, string> }>("shop", ({ env }) => {
        env["CRASH_AT_START"] = "yes";
      });
      const { code, output } = await shop.stack.release(
        "canary",
        "shop",
        "1.7.0",
        "-w",
        "50",
        "--update",
      );
      assert.equal(code, 1, output);
      assert.match(output, /Deployment.*shop-1-7-0.*not (ready|available)|shop-1-7-0.*progress/is);
      assert.match(output, /the update failed; the previous config is restored and applied/);
      assert.deepEqual((await shop.ask(300)).byRelease, { "1.4.3": 300 });
      assert.deepEqual(shop.versionsRunning(), ["1.4.2", "1.4.3"]);
      shop.noneFailed();
    });
  });
}

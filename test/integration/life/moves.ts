import assert from "node:assert/strict";
import { once } from "node:events";
import { from, NewsMoves, to, type Place } from "../../support/news-moves";
import type { TestStack } from "../../support/project";
import { waitUntilScaled } from "../../support/scaled";
import { until } from "../../support/until";
import { LifeApps } from "./apps";
import { second } from "./promotions";

const pods = 3;

/**
 * Declares the tests of `news`, one of the stack's apps, that moves to the namespace of another team. The same update
 * rolls `orders` back.
 */
export function movesNamespace(current: () => TestStack): void {
  describe("when an app moves to another namespace", () => {
    let stack: TestStack;
    let news: NewsMoves;
    let apps: LifeApps;
    let output = "";
    before(() => {
      stack = current();
      news = new NewsMoves(stack);
      apps = new LifeApps(stack);
    });
    const serves = ({ ready, service, route }: Place) => ready >= pods && service && route;

    it("has its pods and its route in the new namespace before anything is deleted in the former one", async () => {
      await stack.kubectl("scale", "deploy/news-2-0-1", "-n", from, `--replicas=${pods}`);
      const isServed = async () => serves((await news.look())[from]);
      await until(`${pods} pods of news serve in ${from}`, 120, isServed);
      news.edit({ team: "commerce" });
      await stack.kubectl("delete", "job", second, ...LifeApps.inTeam);
      apps.makeStable("orders", "3.1.0");
      const watcher = NewsMoves.watch(stack.cluster);
      await watcher.start();
      const child = stack.startUp("--refresh");
      child.stdout.on("data", (data: Buffer) => (output += data.toString()));
      await once(child, "close").finally(() => watcher.stop());
      assert.equal(child.exitCode, 0, output);
      assert.deepEqual(watcher.broken, []);
      const seen = NewsMoves.places(watcher.writes());
      const lost = seen.filter((places) => !serves(places[from]) && !serves(places[to]));
      assert.deepEqual(lost, []);
      const early = seen.filter(({ [to]: there }) => there.route && there.ready < pods);
      assert.deepEqual(early, []);
      const both = seen.filter(({ [from]: here, [to]: there }) => here.route && there.route);
      assert.ok(both.length > 0, output);
      const { [from]: here, [to]: there } = await news.look();
      assert.deepEqual(here, { ready: 0, service: false, route: false });
      assert.ok(serves(there), JSON.stringify(there));
    });

    it("does not run a migration again at a rollback if somebody removed the Job", async () => {
      assert.doesNotMatch(output, /run the migration|:Job .*creat/);
      assert.deepEqual(await apps.listServing(), ["orders-3-1-0", "orders-3-1-0", "100 0"]);
      assert.deepEqual(await apps.migrations(), {});
    });

    it("leaves no changes for another update, and no drift", async () => {
      await waitUntilScaled((...args) => stack.kubectl(...args));
      await stack.must("up", "--refresh", "--expect-no-changes");
    });
  });
}

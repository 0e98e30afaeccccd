import assert from "node:assert/strict";
import { waitForEnd, killTree } from "../../support/kill-tree";
import { from, NewsMoves, to } from "../../support/news-moves";
import { ObjectWatcher } from "../../support/object-watcher";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped } from "../../support/results";
import { until } from "../../support/until";

/** Declares the test of `news`, one of the stack's apps, whose move to another team is killed. */
export function takesUpMove(current: () => TestStack): void {
  describe("if a move to another namespace was killed", () => {
    let stack: TestStack;
    let news: NewsMoves;
    before(() => {
      stack = current();
      news = new NewsMoves(stack);
    });

    it("is not reverted, and the app serves until the move is complete", async () => {
      const places = await news.look();
      assert.ok(places[from].service && places[from].route && places[from].ready > 0);
      news.edit({ team: "commerce" });
      // A watch, as kubectl may start so late that the update has ended.
      const watcher = new ObjectWatcher(stack.cluster, {
        route: `/apis/gateway.networking.k8s.io/v1/namespaces/${to}/httproutes`,
      });
      await watcher.start();
      const child = stack.startUp();
      const isMade = () => watcher.writes().some(({ object }) => object.metadata.name === "news");
      const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
      const madeOrEnded = () => isMade() || hasEnded();
      await until(`the route is in ${to}`, 240, madeOrEnded, 10).finally(() => watcher.stop());
      assert.ok(!hasEnded(), "the update ended before it could be killed");
      await waitForEnd(killTree(child.pid ?? 0));
      await stack.unlock();
      const recovered = await stack.platform("recover");
      assert.equal(recovered.code, 0, recovered.output);
      // As the engine would have recorded it, had it not been killed.
      const { deployment } = await stack.state();
      const route = deployment.resources.filter(({ urn }) => urn.endsWith("HTTPRoute::news"));
      assert.deepEqual(
        route.map(({ id, delete: replaced = false }) => [id, replaced]).sort(),
        [
          [`${to}/news`, false],
          [`${from}/news`, true],
        ],
        recovered.output,
      );
      // The engine would create the former objects again, and then delete them as those that were replaced.
      news.edit({ team: "content" });
      failedWith(
        unwrapped(await stack.pulumi("up")),
        /a move of news to namespace commerce-dev has not ended, and the config names content-dev: .* \(move-unfinished\)/,
      );
      const { [from]: here, [to]: there } = await news.look();
      const serves = [here, there].some((it) => it.service && it.route && it.ready > 0);
      assert.ok(serves, JSON.stringify([here, there]));
      news.edit({ team: "commerce" });
      await stack.must("up");
      await stack.must("up", "--expect-no-changes");
      news.edit({ team: "content" });
      await stack.must("up");
      assert.deepEqual((await news.look())[to], { ready: 0, service: false, route: false });
    });
  });
}

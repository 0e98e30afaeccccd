import assert from "node:assert/strict";
import { once } from "node:events";
import { from, NewsMoves, to, type Place } from "../../support/news-moves";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped } from "../../support/results";
import { until } from "../../support/until";

const pods = 3;

/** Declares the tests of `news`, one of the stack's apps, that moves to the namespace of another team. */
export function movesNamespace(current: () => TestStack): void {
  describe("where an app moves to another namespace", () => {
    let stack: TestStack;
    let news: NewsMoves;
    before(() => {
      stack = current();
      news = new NewsMoves(stack);
    });
    const serves = ({ ready, service, route }: Place) => ready >= pods && service && route;

    it("is refused while a canary is asked for", async () => {
      news.edit({ team: "commerce", canary: { version: "2.1.0", weight: 0 } });
      failedWith(
        unwrapped(await stack.pulumi("preview")),
        /news moves from namespace content-dev to commerce-dev while 2\.1\.0 is the canary \(move-alone\)/,
      );
      news.edit({ canary: undefined });
    });

    it("has the pods that served, and its route, there before anything of it is deleted here", async () => {
      await stack.kubectl("scale", "deploy/news-2-0-1", "-n", from, `--replicas=${pods}`);
      const isServed = async () => serves((await news.look())[from]);
      await until(`${pods} pods of news serve in ${from}`, 120, isServed);
      news.edit({ team: "commerce" });
      const child = stack.startUp();
      const closed = once(child, "close");
      let output = "";
      child.stdout.on("data", (data: Buffer) => (output += data.toString()));
      const seen: Awaited<ReturnType<typeof news.look>>[] = [];
      while (child.exitCode === null && child.signalCode === null) seen.push(await news.look());
      // What it printed at its end may come later.
      await closed;
      assert.equal(child.exitCode, 0, output);
      const lost = seen.filter((places) => !serves(places[from]) && !serves(places[to]));
      assert.deepEqual(lost, []);
      const early = seen.filter(({ [to]: there }) => there.route && there.ready < pods);
      assert.deepEqual(early, []);
      // Looking may miss the moment in which there are two routes.
      const created = output.search(/HTTPRoute news created/);
      const deleting = output.search(/HTTPRoute news deleting/);
      assert.ok(created >= 0 && created < deleting, output);
      const { [from]: here, [to]: there } = await news.look();
      assert.deepEqual(here, { ready: 0, service: false, route: false });
      assert.ok(serves(there), JSON.stringify(there));
      await stack.must("up", "--expect-no-changes");
    });
  });
}

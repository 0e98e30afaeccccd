import assert from "node:assert/strict";
import { once } from "node:events";
import { ended, killTree } from "../../support/kill-tree";
import { ObjectWatcher } from "../../support/object-watcher";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped } from "../../support/results";
import { until } from "../../support/until";

interface Item {
  kind: string;
  metadata: { namespace: string; name: string };
  status?: { readyReplicas?: number };
}

/** What one namespace has of the app at one moment. */
interface Place {
  ready: number;
  service: boolean;
  route: boolean;
}

const [from, to] = ["content-dev", "commerce-dev"];
const pods = 3;

/** Declares the tests of `news`, one of the stack's apps, that moves to the namespace of another team. */
export function movesNamespace(current: () => TestStack): void {
  describe("where an app moves to another namespace", () => {
    let stack: TestStack;
    before(() => (stack = current()));

    const look = async (): Promise<Record<string, Place>> => {
      const kinds = "deployments,services,httproutes";
      const { items } = JSON.parse(await stack.kubectl("get", kinds, "-A", "-o", "json")) as {
        items: Item[];
      };
      const place = (namespace: string): Place => {
        const own = items.filter(({ metadata }) => metadata.namespace === namespace);
        const named = (kind: string, name: string) =>
          own.find((item) => item.kind === kind && item.metadata.name === name);
        return {
          ready: named("Deployment", "news-2-0-1")?.status?.readyReplicas ?? 0,
          service: named("Service", "news-stable") !== undefined,
          route: named("HTTPRoute", "news") !== undefined,
        };
      };
      return { [from]: place(from), [to]: place(to) };
    };
    const serves = ({ ready, service, route }: Place) => ready >= pods && service && route;
    const move = (fields: object) =>
      stack.edit((config) => {
        Object.assign((config["platform:apps"] as { news: object }).news, fields);
      });

    it("is refused while a canary is asked for", async () => {
      move({ team: "commerce", canary: { version: "2.1.0", weight: 0 } });
      failedWith(
        unwrapped(await stack.pulumi("preview")),
        /news moves from namespace content-dev to commerce-dev while 2\.1\.0 is canary \(move-alone\)/,
      );
      move({ canary: undefined });
    });

    it("is not taken back where it was killed, and serves until it is complete", async () => {
      const places = await look();
      assert.ok(places[from]?.service && places[from].route && places[from].ready > 0);
      move({ team: "commerce" });
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
      await ended(killTree(child.pid ?? 0));
      await stack.unlock();
      const recovered = await stack.platform("recover");
      assert.equal(recovered.code, 0, recovered.output);
      // The engine would create the former objects again, and then delete them as those that were replaced.
      move({ team: "content" });
      failedWith(
        unwrapped(await stack.pulumi("up")),
        /a move of news to namespace commerce-dev has not ended, and the config asks for content-dev: .* \(move-unfinished\)/,
      );
      const { [from]: here, [to]: there } = await look();
      const serves = [here, there].some((it) => it?.service && it.route && it.ready > 0);
      assert.ok(serves, JSON.stringify([here, there]));
      move({ team: "commerce" });
      await stack.must("up");
      await stack.must("up", "--expect-no-changes");
      move({ team: "content" });
      await stack.must("up");
      assert.deepEqual((await look())[to], { ready: 0, service: false, route: false });
    });

    it("has the pods that served, and its route, there before anything of it is deleted here", async () => {
      await stack.kubectl("scale", "deploy/news-2-0-1", "-n", from, `--replicas=${pods}`);
      const isServed = async () => serves((await look())[from]!);
      await until(`${pods} pods of news serve in ${from}`, 120, isServed);
      move({ team: "commerce" });
      const child = stack.startUp();
      const closed = once(child, "close");
      let output = "";
      child.stdout.on("data", (data: Buffer) => (output += data.toString()));
      const seen: Record<string, Place>[] = [];
      while (child.exitCode === null && child.signalCode === null) seen.push(await look());
      // What it printed at its end may come later.
      await closed;
      assert.equal(child.exitCode, 0, output);
      const lost = seen.filter((places) => !serves(places[from]!) && !serves(places[to]!));
      assert.deepEqual(lost, []);
      const early = seen.filter(({ [to]: there }) => there!.route && there!.ready < pods);
      assert.deepEqual(early, []);
      // Looking may miss the moment in which there are two routes.
      const created = output.search(/HTTPRoute news created/);
      const deleting = output.search(/HTTPRoute news deleting/);
      assert.ok(created >= 0 && created < deleting, output);
      const { [from]: here, [to]: there } = await look();
      assert.deepEqual(here, { ready: 0, service: false, route: false });
      assert.ok(serves(there!), JSON.stringify(there));
      await stack.must("up", "--expect-no-changes");
    });
  });
}

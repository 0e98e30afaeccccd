import assert from "node:assert/strict";
import { Mailer, type WorkerReleases } from "../../support/mailer";
import { ObjectWatcher, type SeenWrite } from "../../support/object-watcher";
import type { TestStack } from "../../support/project";
import { failedWith } from "../../support/results";
import { whileUnschedulable } from "../../support/unschedulable";

/** Declares the tests of rarer turns of `mailer`. */
export function keepsPods(current: () => TestStack): void {
  describe("if something goes wrong with a worker", () => {
    let stack: TestStack;
    let mailer: Mailer;
    before(async () => {
      stack = current();
      mailer = new Mailer(stack);
      // Afterwards, 1.5.0 is a kept release.
      for (const version of ["1.5.0", "1.4.2"]) {
        mailer.edit((app) => {
          app.stable = { version };
          delete app.canary;
        });
        await stack.must("up");
      }
    });
    const inTeam = ["-n", "commerce-dev"];

    it("keeps the former release's pods if those of the promoted one do not start", async () => {
      mailer.edit((app) => (app.canary = { version: "1.5.0", weight: 50 }));
      await stack.must("up");
      await mailer.become({
        "mailer-1-4-2": ["stable", 2, 2],
        "mailer-1-5-0": ["canary", 2, 2],
      });
      mailer.edit((app) => {
        Object.assign(app, { stable: { version: "1.5.0" }, progressDeadlineSeconds: 30 });
        delete app.canary;
      });
      const failed = await whileUnschedulable(stack, () => stack.pulumi("up"));
      failedWith(failed, /Deployment commerce-dev\/mailer-1-5-0 (failed|was not ready within)/);
      assert.deepEqual((await mailer.releases())["mailer-1-4-2"], ["stable", 2, 2]);
      mailer.edit((app) => (app.stable = { version: "1.4.2" }));
      await stack.must("up");
      await mailer.become({
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      });
    });

    it("reports that somebody scaled it", async () => {
      await stack.kubectl("scale", "deploy", "mailer-1-4-2", ...inTeam, "--replicas=1");
      const { output } = await stack.release("status", "mailer");
      assert.match(output, /Deployment mailer-1-4-2 has replicas 1 instead of 4/);
      await stack.must("up", "--refresh");
      assert.deepEqual((await mailer.releases())["mailer-1-4-2"], ["stable", 4, 4]);
    });

    it("moves to another namespace, where all of its pods work before the former ones stop", async () => {
      const [here, there] = ["commerce-dev", "content-dev"] as const;
      mailer.edit((app) => (app.team = "content"));
      const deployments = (namespace: string) =>
        `/apis/apps/v1/namespaces/${namespace}/deployments`;
      const watcher = new ObjectWatcher(stack.cluster, {
        [here]: deployments(here),
        [there]: deployments(there),
      });
      await watcher.start();
      const { code, output } = await stack.pulumi("up").finally(() => watcher.stop());
      assert.equal(code, 0, output);
      assert.deepEqual(watcher.broken, []);
      assert.match(
        output.replace(/\s+/g, " "),
        /mailer: move from namespace commerce-dev to content-dev: .* which work next to the former ones at first/,
      );
      assert.doesNotMatch(output, /mailer: .*(no longer answers|requests)/);
      const working = pods(watcher.writes(), here, there);
      const few = working.filter(([former, next]) => Math.max(former, next) < 4);
      assert.deepEqual(few, []);
      assert.ok(
        working.some(([former, next]) => former === 4 && next === 4),
        JSON.stringify(working),
      );
      await mailer.become({}, here);
      const moved: WorkerReleases = {
        "mailer-1-4-2": ["stable", 4, 4],
        "mailer-1-5-0": ["retained", 0, 0],
      };
      await mailer.become(moved, there);
      await stack.must("up", "--expect-no-changes");
    });
  });
}

/** Returns the pods of mailer 1.4.2 that work in each of two namespaces, after every write, once both were read. */
function pods<Namespace extends string>(
  writes: readonly SeenWrite<Namespace>[],
  here: Namespace,
  there: Namespace,
): [here: number, there: number][] {
  const available = { [here]: 0, [there]: 0 } as Record<Namespace, number>;
  let isKnown = false;
  return writes.flatMap(({ kind, type, object }) => {
    if (object.metadata.name !== "mailer-1-4-2") return [];
    // Of one that is being deleted, the pods end.
    const isGone = type === "DELETED" || object.metadata.deletionTimestamp !== undefined;
    available[kind] = isGone ? 0 : (object.status?.availableReplicas ?? 0);
    isKnown ||= kind === here;
    return isKnown ? [[available[here], available[there]]] : [];
  });
}

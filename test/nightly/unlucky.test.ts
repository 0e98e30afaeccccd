import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { Availability } from "../support/availability";
import { deadEnds, findUnaccounted } from "../support/bookkeeping";
import { restartApiServer } from "../support/control-plane";
import { TestStack, type Ended } from "../support/project";
import { waitUntilScaled } from "../support/scaled";
import { kills, namespace, RunningUpdate, seed, small, killedUpdates } from "../support/unlucky";

/** Message for an unavailable API server from the stand-in, the official plugin, or the program itself. */
const unreachable =
  /The API server at \S+ cannot be reached .*run the command again|The API server does not answer .*run the command again|connection refused|unreachable/;

/** Number of steps of an ordinary update, and of the first one; begin and end count separately. */
const [ordinary, first] = [70, 120];

describe(`an unlucky stack (UNLUCKY_SEED=${seed})`, () => {
  const updates = killedUpdates();
  const apps = updates[0]?.apps ?? {};
  let cluster: Cluster;
  let stack: TestStack;
  before(async () => {
    cluster = await startCluster({ name: "unlucky" });
    stack = new TestStack("unlucky", cluster);
    small(stack, {});
    await stack.create();
  });
  after(async () => {
    await stopCluster("unlucky");
    rmSync(join(checkout, ".local", "stacks", "unlucky.log"), { force: true });
    stack.remove();
  });

  async function must(ended: Promise<Ended>): Promise<string> {
    const { code, output } = await ended;
    assert.equal(code, 0, output);
    return output;
  }

  /** Expects that an update reaches the config's state, and that the state contains all objects. */
  async function converge(): Promise<void> {
    await must(stack.pulumi("up"));
    // What a refresh finds unready, the next update waits for, which is a change.
    await waitUntilScaled((...args) => stack.kubectl(...args));
    await must(stack.pulumi("refresh", "--expect-no-changes"));
    assert.deepEqual(await findUnaccounted(stack), { orphaned: [], missing: [] });
    assert.deepEqual(await deadEnds(stack, namespace), []);
  }

  describe(`whose updates are killed ${kills} times (UNLUCKY_KILLS)`, () => {
    let availability: Availability;
    before(async () => {
      const subjects = ["shop", "news"].map((app) => ({
        ...{ kind: "Service", namespace, name: `${app}-stable` },
        labels: {},
      }));
      availability = new Availability(cluster, subjects);
      await availability.start();
    });
    after(() => availability.stop());

    let killed = 0;
    for (const [index, { apps, progress, delay, recovers }] of updates.entries()) {
      const steps = Math.round((progress * (index === 0 ? first : ordinary)) / 100);
      const then = recovers ? "and recovered" : "and only unlocked";
      it(`at step ${steps} and ${delay} ms, ${then}: every Service and route has endpoints`, async () => {
        stack.edit((config) => (config["platform:apps"] = apps));
        const update = await RunningUpdate.start(stack);
        const running = await update.killAt(steps, delay);
        if (running) killed += 1;
        else await must(update.ended);
        assert.deepEqual(await deadEnds(stack, namespace), []);
        availability.guard();
        if (!running) return;
        await must(stack.unlock());
        if (recovers) await must(stack.platform("recover"));
      });
    }

    it("reaches the config's state, with nothing left over or lost", async () => {
      assert.ok(killed > 0, "every update was faster than its kill");
      await must(stack.platform("recover"));
      await converge();
      await must(stack.pulumi("up", "--expect-no-changes", "--diff"));
    });

    it("always had a pod behind each stable Service", () => {
      assert.deepEqual(availability.outages(), []);
    });
  });

  describe("that is up", () => {
    before(async () => {
      // Without canaries, because not every release can be followed by every canary in one step.
      const stable = Object.entries(apps).map(([name, app]) => [
        name,
        { ...app, canary: undefined },
      ]);
      stack.edit((config) => (config["platform:apps"] = Object.fromEntries(stable) as object));
      await must(stack.pulumi("up"));
    });

    /** Changes every app, so that an update has several steps, and starts it. */
    async function release(version: string, steps: number): Promise<RunningUpdate> {
      stack.edit((config) => {
        for (const app of Object.values(config["platform:apps"] as Record<string, object>)) {
          const canary = { version: `${version}-b`, weight: 20 };
          Object.assign(app, { stable: { version }, canary });
        }
      });
      const update = await RunningUpdate.start(stack);
      if (!(await update.waitForSteps(steps))) assert.fail((await update.ended).output);
      return update;
    }

    it("reaches the config's state even if its API server restarts in the meantime", async () => {
      const update = await release("3.0.0", 8);
      await restartApiServer(cluster);
      const { code, output } = await update.ended;
      await startCluster({ name: cluster.name });
      // It may succeed; otherwise it shows the reason and what to do.
      if (code !== 0) assert.match(output, unreachable);
      await must(stack.platform("recover"));
      await converge();
    });

    it("is updated by one process at a time, and shows its holder to all others", async () => {
      const update = await release("4.0.0", 2);
      // Stops it, so that its children end before it continues.
      process.kill(update.id, "SIGSTOP");
      try {
        await assertLockedOut(update.id);
      } finally {
        process.kill(update.id, "SIGCONT");
      }
      await must(update.ended);
    });

    async function assertLockedOut(holder: number): Promise<void> {
      const who = `${userInfo().username}@${hostname()}`;
      const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*`;
      await stack.mustFail(new RegExp(`created by ${who} \\(pid ${holder}\\) at ${time}`), "up");
      const others = [
        () => stack.platform("up", "--plan-hash", "0".repeat(64)),
        () => stack.platform("preview"),
        () => stack.platform("recover"),
        () => stack.stacks("up"),
      ];
      const told = new RegExp(
        `locked by ${who} \\(process ${holder}\\) since ${time}, which still runs on this machine; wait for it`,
      );
      for (const other of others) {
        const { code, output } = await other();
        assert.equal(code, 1, output);
        assert.match(output, told);
      }
    }
  });
});

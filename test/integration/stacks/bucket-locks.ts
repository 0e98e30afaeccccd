import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { planFolder } from "../../../cli/preview/store";
import type { Cluster } from "../../../local/cluster";
import type { StateBucket } from "../../support/bucket-stacks";
import { assertShown } from "../../support/shown";
import { succeeded, type TestStack } from "../../support/project";

/** A stack in a bucket with the app `shop`. */
interface Locked {
  state: StateBucket;
  cluster: Cluster;
  stack: TestStack;
}

/** Declares the tests of the lock of a stack in a bucket. Each step continues where the one before it ended. */
export function locksStacks(current: () => Locked): void {
  describe("whose lock", () => {
    let state: StateBucket;
    let cluster: Cluster;
    let stack: TestStack;
    let running: ChildProcess | undefined;
    /** Hash of the approved plan of the update that cannot take the lock. */
    let hash: string;
    before(async () => {
      ({ state, cluster, stack } = current());
      stack.editApp("shop", (shop) => {
        shop["canary"] = { version: "1.6.0", weight: 5 };
      });
      // An update that holds the lock and does not continue.
      running = stack.startUp();
      await stack.waitForLock();
      process.kill(-(running.pid ?? 0), "SIGSTOP");
    });
    after(async () => {
      await kill();
      rmSync(join(planFolder, `${hash}.json`), { force: true });
    });

    /** Kills the update, like the loss of its machine. */
    async function kill(): Promise<void> {
      if (running?.exitCode !== null || running.signalCode !== null) return;
      process.kill(-(running.pid ?? 0), "SIGKILL");
      await once(running, "exit");
    }

    const holder = `locked by \\S+@${hostname()} \\(process \\d+\\) since \\S+`;

    it("does not block a preview", async () => {
      const approved = succeeded(await stack.platform("preview"));
      hash = /--plan-hash ([0-9a-f]{64})/.exec(approved)?.[1] ?? "";
      assert.notEqual(hash, "");
      assert.equal((await stack.locks()).length, 1);
    });

    it("is held by one update; every other one shows the holder, and changes nothing", async () => {
      const file = readFileSync(stack.configFile, "utf8");
      for (const other of [
        () => stack.stacks("up", "--filter", stack.name),
        () => stack.platform("up", "--plan-hash", hash),
        () => stack.release("weight", "shop", "70", "--update"),
      ]) {
        const { code, output } = await other();
        assert.equal(code, 1, output);
        assert.match(
          output,
          new RegExp(`${holder}, which still runs on this machine; wait for it`),
        );
      }
      assert.equal(readFileSync(stack.configFile, "utf8"), file);
      assert.equal((await stack.locks()).length, 1);
    });

    it("does not affect another stack", async () => {
      const other = state.stack("bucket-other", cluster, {}, stack);
      await other.create();
      succeeded(await other.engine("stack", "rm", "--yes", "--stack", other.name));
    });

    it("remains if its holder is killed; the suggested command removes it, and the plan is completed", async () => {
      await kill();
      const { code, output } = await stack.stacks("up", "--filter", stack.name);
      assert.equal(code, 1, output);
      const release = `release the stale lock with: pulumi cancel --yes --stack ${stack.name}`;
      assert.match(output, new RegExp(`${holder}, which no longer runs; ${release}`));
      const [, command = ""] =
        /release the stale lock with: pulumi (.*), and then: /.exec(output) ?? [];
      const canceled = succeeded(await stack.engine(...command.split(" ")));
      const names = { [stack.name]: "shop" };
      for (const page of ["docs/state.md", "docs/interrupted-updates.md"]) {
        assertShown({ page, command: "npx platform stacks up --filter shop", output, names });
        assertShown({ page, command: "pulumi cancel", output: canceled, names });
      }
      assert.deepEqual(await stack.locks(), []);
      succeeded(await stack.platform("up", "--plan-hash", hash));
      const { releases } = await stack.outputs();
      const { canary } = (releases as { shop: { canary: { key: string } } }).shop;
      assert.equal(canary.key, "1.6.0");
    });

    it("is released by an update that is asked to stop", async () => {
      const child = stack.startUp();
      running = child;
      const exit = once(child, "exit");
      // It handles signals shortly after it has taken the lock, and before it starts the program.
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on("data", (text) => {
          if (String(text).includes("pulumi:pulumi:Stack")) resolve();
        });
        child.on("exit", () => reject(new Error("the update ended by itself")));
      });
      assert.equal((await stack.locks()).length, 1);
      child.kill("SIGTERM");
      await exit;
      assert.deepEqual(await stack.locks(), []);
    });
  });
}

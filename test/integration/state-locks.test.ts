import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { planFolder } from "../../cli/preview/store";
import { StateBucket } from "../support/bucket-stacks";
import { devApp, gatewayWithoutCrds } from "../support/dev-stack";
import { succeeded, TestStack } from "../support/project";

const name = "bucket-locks";

describe("the lock of a stack in a bucket", () => {
  let state: StateBucket;
  let cluster: Cluster;
  let stack: TestStack;
  let running: ChildProcess | undefined;
  before(async () => {
    state = await StateBucket.start();
    cluster = await startCluster({ name: "state-locks", gatewayCrds: true });
    stack = state.stack(name, cluster, {
      "platform:components": {
        tenancy: { teams: { commerce: {} } },
        gateway: gatewayWithoutCrds(),
      },
      "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
      "platform:apps": { shop: devApp("shop") },
    });
    await stack.create();
    succeeded(await stack.pulumi("up"));
  });
  afterEach(() => kill());
  after(async () => {
    await stopCluster("state-locks");
    await state?.store.stop();
    stack?.remove();
  });

  function weight(percent: number): void {
    stack.edit((config) => {
      const apps = config["platform:apps"] as { shop: { canary: { weight: number } } };
      apps.shop.canary.weight = percent;
    });
  }

  /** Starts an update that holds the lock and does not continue. */
  async function holding(): Promise<void> {
    running = stack.startUp();
    await stack.locked();
    process.kill(-(running.pid ?? 0), "SIGSTOP");
  }

  /** Kills it, like the loss of its machine. */
  async function kill(): Promise<void> {
    if (running?.exitCode !== null || running.signalCode !== null) return;
    process.kill(-(running.pid ?? 0), "SIGKILL");
    await once(running, "exit");
  }

  const holder = `locked by \\S+@${hostname()} \\(process \\d+\\) since \\S+`;
  const runs = new RegExp(`${holder}, which still runs on this machine; wait for it`);
  const stale = new RegExp(
    `${holder}, which no longer runs; release the stale lock with: pulumi cancel --yes --stack ${name}`,
  );

  it("is held by one update; every other one shows the holder, and changes nothing", async () => {
    weight(20);
    const approved = await stack.platform("preview");
    const hash = /--plan-hash ([0-9a-f]{64})/.exec(succeeded(approved))?.[1] ?? "";
    rmSync(join(planFolder, `${hash}.json`));
    await holding();
    const file = readFileSync(stack.configFile, "utf8");
    for (const other of [
      () => stack.stacks("up"),
      () => stack.platform("up", "--plan-hash", hash),
      () => stack.release("weight", "shop", "70", "--update"),
    ]) {
      const { code, output } = await other();
      assert.equal(code, 1, output);
      assert.match(output, runs);
    }
    assert.equal(readFileSync(stack.configFile, "utf8"), file);
    assert.equal((await stack.locks()).length, 1);
  });

  it("does not keep a preview waiting", async () => {
    await holding();
    succeeded(await stack.platform("preview"));
    await kill();
    succeeded(await stack.unlock());
  });

  it("stays when its holder is killed; the suggested command removes it", async () => {
    weight(30);
    await holding();
    await kill();
    const { code, output } = await stack.stacks("up");
    assert.equal(code, 1, output);
    assert.match(output, stale);
    const [, command = ""] =
      /release the stale lock with: pulumi (.*), and then: /.exec(output) ?? [];
    succeeded(await stack.engine(...command.split(" ")));
    assert.deepEqual(await stack.locks(), []);
    assert.match(succeeded(await stack.stacks("up")), /up succeeded in [\d.]+ s: 1 updated/);
  });

  it("is let go of by an update that is asked to end", async () => {
    weight(40);
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
    succeeded(await stack.pulumi("up"));
  });

  it("is another stack's no matter", async () => {
    await holding();
    const other = state.stack("bucket-other", cluster, {}, stack);
    await other.create();
    succeeded(await other.engine("stack", "rm", "--yes", "--stack", "bucket-other"));
  });
});

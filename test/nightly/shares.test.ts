import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, stopCluster } from "../../local/cluster";
import type { Split } from "../../releases/shares";
import { TestStack } from "../support/project";
import { beyondShares, risesWithoutPods, ShareWatcher } from "../support/share-watcher";

const namespace = "commerce-dev";
/** Pods of stable at peak load; `scaling.min` is much lower. */
const peak = 6;

interface Releases {
  stable: { version: string; now?: boolean };
  canary?: { version: string; weight: number };
  override?: { by: string; reason: string };
}

/** The controllers are real, and pods are simulated: each takes 1.5 s to become ready. */
describe("requests move in order, and only after the pods that they need are ready", () => {
  let stack: TestStack;
  let watcher: ShareWatcher;
  before(async () => {
    const cluster = await startCluster({
      name: "shares",
      podDelay: 1500,
      controllerManager: { "horizontal-pod-autoscaler-sync-period": "1s" },
    });
    stack = new TestStack("shares", cluster);
    stack.keepParts("tenancy", "gateway");
    stack.edit((config) => {
      config["platform:releases"] = {
        forcedCanary: true,
        soak: "0s",
        checkRequired: false,
        secondRelease: "supersede",
      };
      const { shop } = config["platform:apps"] as { shop: Record<string, unknown> };
      config["platform:apps"] = { shop: { ...shop, progressDeadlineSeconds: 60 } };
    });
    set({ stable: { version: "1.4.2" } }, peak);
    await stack.create();
    await stack.must("up");
    // Without metrics the autoscaler removes no pods: stable keeps those of the peak.
    set({ stable: { version: "1.4.2" } }, 2);
    await stack.must("up");
    watcher = new ShareWatcher(cluster, namespace, "shop");
    await watcher.start();
    await sleep(500);
  });
  after(async () => {
    watcher?.stop();
    await stopCluster("shares");
    stack?.remove();
  });

  function set(releases: Releases, min = 2): void {
    stack.editApp("shop", (shop) => {
      for (const key of ["canary", "override"]) delete shop[key];
      Object.assign(shop, releases, { scaling: { min, max: 10 } });
    });
  }

  const split = (stable: string, canary = stable, weight = 0): Split => {
    const name = (version: string) => `shop-${version.replaceAll(".", "-")}`;
    return { stable: name(stable), canary: name(canary), weight };
  };

  /** Runs an action that moves requests, and checks every moment of it. */
  async function watchShares(from: Split, to: Split, work: () => Promise<unknown>): Promise<void> {
    const before = watcher.moments().length;
    await work();
    await sleep(500);
    const moments = watcher.moments().slice(before - 1);
    assert.deepEqual(beyondShares(moments, from, to), []);
    assert.deepEqual(risesWithoutPods(moments, peak), []);
    assert.deepEqual(moments.at(-1)?.split, to);
    assert.deepEqual(watcher.broken, []);
  }

  it("a canary of 50% has half of the pods before it gets its share", async () => {
    set({ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 50 } });
    await watchShares(split("1.4.2"), split("1.4.2", "1.5.0", 50), () => stack.must("up"));
  });

  it("a canary that replaces another one never gets the share of the other", async () => {
    set({ stable: { version: "1.4.2" }, canary: { version: "1.6.0", weight: 5 } });
    await watchShares(split("1.4.2", "1.5.0", 50), split("1.4.2", "1.6.0", 5), () =>
      stack.must("up"),
    );
  });

  it("the same holds after a kill in the middle, and the next update continues in order", async () => {
    const [from, to] = [split("1.4.2", "1.6.0", 5), split("1.7.0", "1.7.0", 0)];
    set({
      stable: { version: "1.7.0" },
      override: { by: "ann", reason: "payments are down" },
    });
    await watchShares(from, to, async () => {
      const update = stack.startUp();
      // Its pods are being created, and requests wait for them.
      for (const end = Date.now() + 120_000; Date.now() < end; await sleep(50)) {
        if ((watcher.moments().at(-1)?.ready["shop-1-7-0"] ?? 0) >= 1) break;
      }
      process.kill(-(update.pid ?? 0), "SIGKILL");
      await stack.unlock();
      await stack.must("up");
    });
  });

  it("a rollback at the peak waits for the pods of the former release", async () => {
    set({ stable: { version: "1.4.2" } });
    await watchShares(split("1.7.0"), split("1.4.2"), () => stack.must("up"));
  });

  it("records nothing of a canary that --target or --run-program did not deploy", async () => {
    set({ stable: { version: "1.4.2" }, canary: { version: "9.9.9", weight: 5 } });
    const budget = `urn:pulumi:${stack.name}::platform::platform:app:App$platform:app:Release$kubernetes:policy/v1:PodDisruptionBudget::shop-1-4-2`;
    const record = async () => {
      const { releases } = (await stack.outputs()) as {
        releases: { shop: { canary?: { key: string } } };
      };
      return releases.shop.canary?.key;
    };
    await stack.pulumi("up", "--target", budget);
    assert.equal(await record(), undefined);
    await stack.pulumi("refresh", "--run-program");
    assert.equal(await record(), undefined);
    set({ stable: { version: "1.4.2" } });
    await stack.must("up");
  });

  it("status shows where the cluster differs from the record, with ready, needed and spare pods", async () => {
    const weights = JSON.stringify([
      { op: "replace", path: "/spec/rules/1/backendRefs/0/weight", value: 50 },
      { op: "replace", path: "/spec/rules/1/backendRefs/1/weight", value: 50 },
    ]);
    await stack.kubectl(
      ...["patch", "httproute", "shop", "-n", namespace, "--type=json", "-p", weights],
    );
    const { output } = await stack.release("status", "shop");
    assert.match(output, /the route gives 50% to shop-canary, not 0%/);
    assert.match(output, /READY +NEEDED +HEADROOM/);
    const preview = await stack.pulumi("preview");
    assert.match(
      preview.output,
      /shop: the cluster is not as the last update recorded it: the route/,
    );
  });
});

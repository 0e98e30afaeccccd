import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { Client } from "../../local/plugins/resource-kubernetes/client";
import { startCluster, stopCluster } from "../../local/cluster";
import { binary } from "../../local/toolchain/install";
import { metricsServerObjects } from "../support/metrics-server";
import { TestStack } from "../support/project";
import { beyondShares, risesWithoutPods, ShareWatcher } from "../support/share-watcher";
import { splitOf, type Split } from "../../releases/shares";
import { until } from "../support/until";
import { Containers, gatewayPort } from "./support/containers";
import { Kubelet } from "./support/kubelet";
import { OpenLoad } from "./support/open-load";
import { Pods } from "./support/pods";
import { limitedPods } from "./support/settings";
import { UsageServer } from "./support/usage";

const host = "shop.dev.platform.test";
const namespace = "commerce-dev";
const app = ["-n", namespace];

/** Requests per second that a pod can handle; it rejects more. */
const capacity = 30;
/** CPU request of a pod, millicores; the autoscaler targets 70% of it. */
const cpu = 100;
/** Requests per second at the peak: more than three pods can handle. */
const peak = 100;
/** Pods that handle the peak at full capacity. */
const fewest = Math.ceil(peak / capacity);
/** Timeout of the autoscaler, milliseconds: several rounds of metrics and decisions. */
const scalingTimeout = 180_000;

interface Releases {
  stable: { version: string };
  canary?: { version: string; weight: number };
  override?: { by: string; reason: string };
}

/**
 * Requests arrive at a fixed rate, independent of their responses, and each pod rejects those above its capacity. The
 * control plane, its autoscaler, metrics-server and Traefik are real; the kubelets are simulated.
 */
describe("releases at peak load, with pods of limited capacity", function () {
  this.timeout(600_000);
  let stack: TestStack;
  let kubelet: Kubelet;
  let containers: Containers;
  let usage: UsageServer;
  let watcher: ShareWatcher;
  let load: OpenLoad;

  before(async () => {
    const objects = await metricsServerObjects();
    const cluster = await startCluster({
      name: "peak",
      simulate: false,
      gatewayCrds: true,
      metrics: { objects },
    });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    stack = new TestStack("peak", cluster);
    containers = new Containers(config, binary("traefik"), stack.folder);
    kubelet = new Kubelet(cluster, containers.start);
    kubelet.run();
    stack.keepParts("tenancy", "gateway");
    stack.omitGatewayCrds();
    stack.edit(small);
    await stack.create();
    await apply({ stable: { version: "1.0.0" } });
    const pods = new Pods(new Client(cluster));
    usage = new UsageServer(cluster, pods, { capacity, cpu }, kubelet.errors);
    await usage.start();
    watcher = new ShareWatcher(cluster, namespace, "shop");
    await watcher.start();
    const target = { address: containers.gatewayAddress, port: gatewayPort, host };
    load = new OpenLoad(target, peak / 4);
    await atLeast("shop-1-0-0", 2);
    // Otherwise the results of this test would prove nothing.
    load.rate = peak * 2;
    const isRefused = () => load.answers.failed.some((text) => text.includes("no capacity left"));
    await until("the pods reject requests above their capacity", 60, isRefused);
    // The rate rises as fast as the autoscaler can follow; the measurement begins at the peak.
    for (const share of [2, 3, 4]) {
      load.rate = (peak * share) / 4;
      await atLeast("shop-1-0-0", Math.ceil(load.rate / capacity / 0.8));
    }
    load.reset();
  });

  after(async () => {
    await load?.stop();
    usage?.stop();
    watcher?.stop();
    await kubelet?.stop();
    await stopCluster("peak");
    stack?.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    console.log(await stack.kubectl("get", "hpa,deployments,pods", ...app, "-o", "wide"));
    console.log(kubelet.errors);
  });

  function small(settings: Record<string, unknown>): void {
    settings["platform:releases"] = { forcedCanary: true, soak: "3s", checkRequired: false };
    const { shop } = settings["platform:apps"] as { shop: object };
    settings["platform:apps"] = {
      shop: {
        ...shop,
        canary: undefined,
        ...limitedPods(capacity, cpu),
      },
    };
  }

  function set({ stable, canary, override }: Releases): void {
    stack.editApp("shop", (shop) => {
      Object.assign(shop, { stable, canary, override });
    });
  }

  async function apply(releases: Releases): Promise<void> {
    set(releases);
    const { code, output } = await stack.pulumi("up");
    assert.equal(code, 0, output);
  }

  async function readyPods(release: string): Promise<number> {
    const path = "jsonpath={.status.readyReplicas}";
    return Number(await stack.kubectl("get", "deployment", release, ...app, "-o", path));
  }

  async function atLeast(release: string, pods: number): Promise<void> {
    for (const end = Date.now() + scalingTimeout; (await readyPods(release)) < pods;) {
      if (Date.now() > end) {
        const seen = await stack.kubectl("describe", "hpa", release, ...app);
        assert.fail(`${await readyPods(release)} ready pods of ${release}, not ${pods}:\n${seen}`);
      }
      await sleep(1000);
    }
  }

  /** Makes a change at peak: no request fails, no share exceeds both splits, and pods are ready before shares rise. */
  async function changes(from: Split, to: Split, work: () => Promise<void>): Promise<void> {
    const before = watcher.moments().length;
    await work();
    // Traefik may serve the former state for so long, and the autoscaler needs it for its next decisions.
    await sleep(10_000);
    const moments = watcher.moments().slice(Math.max(0, before - 1));
    assert.deepEqual(watcher.broken, []);
    assert.deepEqual(beyondShares(moments, from, to), []);
    assert.deepEqual(risesWithoutPods(moments, fewest), []);
    assert.deepEqual(load.answers.failed.slice(0, 3), []);
  }

  const [one, two, three] = ["1.0.0", "1.1.0", "1.2.0"].map((version) => ({ version }));
  const [first, second, third] = ["shop-1-0-0", "shop-1-1-0", "shop-1-2-0"] as const;

  it("a canary gets its share when it has the pods for it", async () => {
    await changes(splitOf(first, undefined), splitOf(first, second, 20), () =>
      apply({ stable: one!, canary: { ...two!, weight: 20 } }),
    );
    await changes(splitOf(first, second, 20), splitOf(first, second, 50), () =>
      apply({ stable: one!, canary: { ...two!, weight: 50 } }),
    );
  });

  it("a promotion gives the whole peak to a release that had half of it", async () => {
    await changes(splitOf(first, second, 50), splitOf(second, undefined), () =>
      apply({ stable: two! }),
    );
  });

  it("a rollback gives it back", async () => {
    await changes(splitOf(second, undefined), splitOf(first, undefined), () =>
      apply({ stable: one! }),
    );
  });

  it("an override gives it to a version that never served a request", async () => {
    await changes(splitOf(first, undefined), splitOf(third, undefined), () =>
      apply({ stable: three!, override: { by: "ops", reason: "the peak of the test" } }),
    );
  });

  it("a rollback that is killed and then resumed loses nothing either", async () => {
    await changes(splitOf(third, undefined), splitOf(first, undefined), async () => {
      set({ stable: one! });
      const update = stack.startUp();
      await sleep(8000);
      if (update.exitCode === null) process.kill(-(update.pid ?? 0), "SIGKILL");
      await sleep(3000);
      await stack.unlock();
      const recovered = await stack.platform("recover");
      assert.equal(recovered.code, 0, recovered.output);
      const { code, output } = await stack.pulumi("up");
      assert.equal(code, 0, output);
    });
  });

  it("no request failed, and as many were sent as were due", async () => {
    const { total, failed, byRelease } = await load.stop();
    console.log(
      `      ${total} requests at ${peak} a second, ${failed.length} failed, ${load.omitted} omitted; ${JSON.stringify(byRelease)}`,
    );
    assert.deepEqual(failed, []);
    // On a busy machine some are omitted; the rate is still above what three pods can handle.
    assert.ok(load.omitted < total / 2, `${load.omitted} of ${total} were never sent`);
    assert.deepEqual(kubelet.errors, []);
  });
});

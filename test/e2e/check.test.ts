import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { startCluster, stopCluster } from "../../local/cluster";
import { binary } from "../../local/toolchain/install";
import { TestStack, type Ended } from "../support/project";
import { until } from "../support/until";
import { Containers, gatewayPort } from "./support/containers";
import { Kubelet } from "./support/kubelet";
import { ask, Load, pauses, untilServed, type Answers } from "./support/load";
import type { Target } from "./support/send";
import { MonitoringContainers } from "./support/monitoring";
import { volumes } from "./support/volumes";
import { observedParts, quickProbes } from "./support/settings";

/** Timeout until a target is up, or a canary can be evaluated, milliseconds. */
const timeoutMs = 120_000;
const host = "shop.dev.platform.test";
const name = "check";

type Config = Record<string, unknown>;

describe("the check of a canary, by a real Prometheus that scrapes a real gateway", function () {
  this.timeout(600_000);
  let stack: TestStack;
  let kubelet: Kubelet;
  let containers: Containers;
  let monitoring: MonitoringContainers;
  let load: Load | undefined;

  before(async () => {
    const cluster = await startCluster({ name, simulate: false });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    stack = new TestStack(name, cluster);
    containers = new Containers(config, binary("traefik"), stack.folder);
    monitoring = new MonitoringContainers(config, stack.folder);
    kubelet = new Kubelet(
      cluster,
      async (pod, address) =>
        (await monitoring.start(pod, address)) ?? containers.start(pod, address),
    );
    kubelet.run();
    const file = join(stack.folder, "volumes.json");
    writeFileSync(file, JSON.stringify(volumes(3)));
    await stack.kubectl("apply", "-f", file);
    stack.edit(small);
    await stack.create();
    await up();
    await untilServed(target(), { "1.4.2": 1 });
    stack.edit((settings) => {
      const releases = settings["platform:releases"] as Config;
      releases["prometheus"] = monitoring.prometheus?.url;
      // The next update is still guarded by the address of the last one.
      releases["weaker"] = { by: "e2e", reason: "no name of the cluster is resolved here" };
    });
    load = new Load(target(), 4, undefined, pauses.measured);
  });

  after(async () => {
    try {
      await load?.stop();
      await kubelet?.stop();
    } finally {
      await stopCluster(name);
      stack?.remove();
    }
  });

  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    console.log(await stack.kubectl("get", "deployments,pods", "-A", "-o", "wide"));
    console.log(containers.gatewayLog.slice(-10).join(""), kubelet.errors);
    console.log(monitoring.prometheus?.log.slice(-10).join(""));
  });

  /** Keeps one app, and the parts of the platform for its requests and their metrics. */
  function small(settings: Config): void {
    const parts = settings["platform:components"] as Record<string, Config>;
    settings["platform:components"] = observedParts(parts);
    settings["platform:releases"] = {
      forcedCanary: true,
      soak: "3s",
      checkRequired: true,
      secondRelease: "supersede",
      // On a busy machine, both releases are slow now and then.
      check: { minimumRequests: 200, latencyFactor: 50 },
    };
    const { shop } = settings["platform:apps"] as { shop: Config };
    settings["platform:apps"] = {
      shop: {
        ...shop,
        scaling: { min: 2, max: 4 },
        drainSeconds: 5,
        stable: { version: "1.4.2" },
        canary: undefined,
        probes: quickProbes,
      },
    };
  }

  function app(): { env: Config; canary?: { version: string; weight: number } } {
    const { shop } = stack.config()["platform:apps"] as { shop: ReturnType<typeof app> };
    return shop;
  }

  function environment(change: (env: Config) => Config): void {
    stack.edit((settings) => {
      const apps = settings["platform:apps"] as { shop: { env: Config } };
      apps.shop.env = change(apps.shop.env);
    });
  }

  function target(): Target {
    return { address: containers.gatewayAddress, port: gatewayPort, host };
  }

  async function up(): Promise<void> {
    const { code, output } = await stack.pulumi("up");
    assert.equal(code, 0, output);
  }

  async function release(command: string, ...args: string[]): Promise<void> {
    const { code, output } = await stack.release(command, "shop", ...args);
    assert.equal(code, 0, output);
  }

  /** Checks the canary repeatedly until there are enough requests. */
  async function checkCanary(): Promise<Ended> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const ended = await stack.release("check", "shop", "--update");
      if (ended.code !== 2 || Date.now() > end) return ended;
      await sleep(5000);
    }
  }

  /** Returns the responses to the load so far. */
  function seen(): Answers {
    assert.ok(load);
    const { total, failed, byRelease } = load.answers;
    return { total, failed: [...failed], byRelease: { ...byRelease } };
  }

  /** Waits until the recorded series show an increase by every error of the canary, including those before its first scrape. */
  async function untilCounted(least: number): Promise<void> {
    const recorded = 'app:requests:total{role="canary",code="500"}[10m]';
    const counted = `sum(max_over_time(${recorded}) - min_over_time(${recorded}))`;
    const all = 'sum(traefik_service_requests_total{service=~".*-shop-canary-.*",code="500"})';
    const query = `${counted} == ${all} >= ${least}`;
    await until(query, 120, async () => (await monitoring.prometheus?.series(query)) === 1);
  }

  it("Prometheus scrapes the gateway and kube-state-metrics", async () => {
    const end = Date.now() + timeoutMs;
    const jobsUp = async () => {
      const targets = (await monitoring.prometheus?.targets()) ?? [];
      return targets.filter(({ health }) => health === "up").map(({ scrapePool }) => scrapePool);
    };
    let found = await jobsUp();
    while (!["traefik", "kube-state-metrics"].every((job) => found.includes(job))) {
      assert.ok(Date.now() < end, `up are ${found.join(", ")}`);
      await sleep(500);
      found = await jobsUp();
    }
    assert.deepEqual(seen().failed, []);
  });

  it("a canary that answers with errors fails it: it loses its share, and stable answers everything", async () => {
    environment((env) => ({ ...env, ERROR_PERCENT: "20" }));
    await release("canary", "1.5.0", "-w", "20");
    await up();
    const { code, output } = await checkCanary();
    assert.equal(code, 1, output);
    const [, share = ""] =
      /fail errors: errors ([\d.]+)% on the canary, 0\.00% on/.exec(output) ?? [];
    assert.ok(Number(share) > 10 && Number(share) < 40, output);
    assert.match(output, /pass restarts: 0 restarts/);
    assert.match(output, /The canary of shop failed its check; stable takes all requests/);
    assert.doesNotMatch(output, /The update .* failed/);
    assert.equal(app().canary?.weight, 0);
    await untilServed(target(), { "1.4.2": 1 });

    const before = seen();
    assert.ok(before.failed.length > 0);
    const elsewhere = before.failed.filter((it) => !it.endsWith(" 500 1.5.0"));
    assert.deepEqual(elsewhere, [], "only the canary may have failed");
    await untilCounted(before.failed.length);
    assert.deepEqual((await ask(target(), 300)).byRelease, { "1.4.2": 300 });
    const { total, failed, byRelease } = seen();
    assert.ok(total > before.total);
    assert.deepEqual(failed.slice(before.failed.length), []);
    assert.equal(byRelease["1.5.0"], before.byRelease["1.5.0"]);
  });

  it("a canary that is as good as stable passes it and may be promoted", async () => {
    const before = seen();
    environment((env) => ({ ...env, ERROR_PERCENT: "0" }));
    await release("canary", "1.6.0", "-w", "20");
    await up();
    const { code, output } = await checkCanary();
    assert.equal(code, 0, output);
    assert.match(output, /check: pass/);
    assert.equal(app().canary?.weight, 20);
    await release("promote");
    await up();
    await untilServed(target(), { "1.6.0": 1 });
    assert.deepEqual((await ask(target(), 300)).byRelease, { "1.6.0": 300 });
    assert.deepEqual(seen().failed.slice(before.failed.length), []);
  });

  it("the kubelet saw no error", () => {
    assert.deepEqual(kubelet.errors, []);
  });
});

import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { startCluster, stopCluster } from "../../../local/cluster";
import { binary } from "../../../local/toolchain/install";
import { TestStack } from "../../support/project";
import { Containers, gatewayPort } from "../support/containers";
import { Kubelet } from "../support/kubelet";
import { ask, binomialBounds, Load, pauses, untilServed, type Answers } from "../support/load";
import { call, calls, type RpcAnswer } from "../support/rpc";
import type { Target } from "../support/send";
import { quickProbes } from "../support/settings";

export const host = "shop.dev.platform.test";
export const rpcHost = "rpc.dev.platform.test";
export const otherHost = "grpc.dev.platform.test";

/** The releases of the app, as in its config. */
interface Releases {
  stable: { version: string };
  canary?: { version: string; weight: number };
}

/**
 * The app `shop` under constant load, on a real API server and behind a real gateway. Its pods are processes of this
 * machine.
 */
export class ReleasedShop {
  stack!: TestStack;
  kubelet!: Kubelet;
  containers!: Containers;
  load!: Load;

  /** Starts everything, and the load on stable 1.4.2. */
  async start(): Promise<void> {
    const cluster = await startCluster({ name: "e2e", simulate: false, gatewayCrds: true });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    this.stack = new TestStack("e2e", cluster);
    this.containers = new Containers(config, binary("traefik"), this.stack.folder);
    this.kubelet = new Kubelet(cluster, this.containers.start);
    this.kubelet.run();
    // The pods of other parts have no processes here.
    this.stack.keepParts("tenancy", "gateway");
    this.stack.omitGatewayCrds();
    this.stack.edit((settings) => {
      settings["platform:releases"] = {
        forcedCanary: true,
        soak: "1s",
        checkRequired: false,
        secondRelease: "supersede",
      };
      const apps = settings["platform:apps"] as Record<string, Record<string, unknown>>;
      settings["platform:apps"] = {
        shop: {
          ...apps["shop"],
          scaling: { min: 2, max: 4 },
          canaryFor: [
            { headers: { "x-gray": "1" } },
            { headers: { "x-tenant": "acme", "x-region": "eu" } },
            { cookie: { name: "gray", value: "1" } },
            { query: { gray: "1" } },
          ],
          drainSeconds: 5,
          progressDeadlineSeconds: 20,
          // Every address in the test's network namespace except that of its other device.
          allow: ["10.0.0.0/16"],
          probes: quickProbes,
        },
        rpc: {
          team: "commerce",
          domain: rpcHost,
          hosts: [otherHost],
          paths: ["/shop.Orders", "/limited"],
          protocol: "h2c",
          env: { PROTOCOL: "h2c" },
          rateLimit: { perSecond: 10, burst: 20 },
          image: "harbor.dev.platform.test/rpc/rpc",
          scaling: { min: 1, max: 2 },
          stable: { version: "1.0.0" },
        },
      };
    });
    await this.stack.create();
    await this.apply({ stable: { version: "1.4.2" } });
    this.load = new Load(this.target(), 4, undefined, pauses.long);
  }

  /** Stops what has been started. */
  async stop(): Promise<void> {
    await this.load?.stop();
    await this.kubelet?.stop();
    await stopCluster("e2e");
    this.stack?.remove();
  }

  /** Prints what helps to explain a failed test. */
  async printState(): Promise<void> {
    const kinds = "deployments,pods,endpointslices";
    console.log(await this.stack.kubectl("get", kinds, "-A", "-o", "wide"));
    console.log(this.containers.gatewayLog.slice(-10).join(""), this.kubelet.errors);
  }

  target(headers: Record<string, string> = {}): Target {
    return { address: this.containers.gatewayAddress, port: gatewayPort, host, headers };
  }

  ask(count: number, headers?: Record<string, string>, path?: string): Promise<Answers> {
    return ask({ ...this.target(headers), path }, count);
  }

  callRpc(to: string, path: string): Promise<RpcAnswer> {
    return call(this.containers.gatewayAddress, gatewayPort, to, path);
  }

  /** The same for several calls at once, over one connection. */
  callRpcs(to: string, path: string, count: number): Promise<RpcAnswer[]> {
    return calls(this.containers.gatewayAddress, gatewayPort, to, path, count);
  }

  /** Changes the releases in the config. */
  set(releases: Releases): void {
    this.stack.editApp<Partial<Releases>>("shop", (shop) => {
      shop.stable = releases.stable;
      delete shop.canary;
      if (releases.canary !== undefined) shop.canary = releases.canary;
    });
  }

  /** Changes the releases in the config, updates the stack, and waits until the gateway serves them. */
  async apply(releases: Releases): Promise<string> {
    this.set(releases);
    const output = await this.stack.must("up");
    const { stable, canary } = releases;
    const share = (canary?.weight ?? 0) / 100;
    const shares = { [stable.version]: 1 - share, ...(canary && { [canary.version]: share }) };
    await untilServed(this.target(), shares);
    if (canary) await untilServed(this.target({ "x-gray": "1" }), { [canary.version]: 1 });
    return output;
  }

  /** Returns the versions of the app's running processes, in order. */
  versionsRunning(): string[] {
    const versions = this.kubelet
      .running()
      .flatMap((pod) => /^shop-(\d+)-(\d+)-(\d+)-/.exec(pod)?.slice(1, 4).join(".") ?? []);
    return [...new Set(versions)].sort();
  }

  /** Fails if any request has failed since the start of the load; shows the first. */
  noneFailed(): void {
    assert.deepEqual(this.load.answers.failed.slice(0, 3), []);
  }
}

/** Fails if a version's share of the answers is outside of the binomial bounds. */
export function within(answers: Answers, version: string, share: number): void {
  const [low, high] = binomialBounds(answers.total, share);
  const found = answers.byRelease[version] ?? 0;
  assert.ok(
    found >= low && found <= high,
    `${version} answered ${found} of ${answers.total}, expected ${low.toFixed(0)} to ${high.toFixed(0)}`,
  );
}

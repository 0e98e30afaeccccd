import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { startCluster, stopCluster, type Cluster } from "../../local/cluster";
import { Client } from "../../local/plugins/resource-kubernetes/client";
import type { ComparedDefinitions } from "../../local/toolchain/comparison-tools";
import { binary } from "../../local/toolchain/install";
import { Containers, gatewayPort } from "../../test/e2e/support/containers";
import { Kubelet } from "../../test/e2e/support/kubelet";
import { MonitoringContainers } from "../../test/e2e/support/monitoring";
import { OpenLoad } from "../../test/e2e/support/open-load";
import { Pods } from "../../test/e2e/support/pods";
import { UsageServer } from "../../test/e2e/support/usage";
import { volumes } from "../../test/e2e/support/volumes";
import { metricsServerObjects } from "../../test/support/metrics-server";
import { TestStack } from "../../test/support/project";
import { definitionsFile } from "./definitions";
import { platformSettings } from "./platform-settings";
import { capacity, cpu, hostOf } from "./settings";

const name = "compare";

/** Longest time until a state of the cluster is reached, milliseconds. */
const timeout = 300_000;

/** More requests than any run of the benchmark sends to one app. */
const requestLimit = 1_000_000;

/**
 * The cluster in which every contender releases: the control plane with its autoscaler, metrics-server, Traefik and
 * Prometheus are real, and each pod of an app is a process that rejects requests above its capacity. It must run in a
 * network namespace of its own.
 */
export class Site {
  private constructor(
    readonly cluster: Cluster,
    readonly stack: TestStack,
    readonly client: Client,
    private readonly kubelet: Kubelet,
    private readonly containers: Containers,
    private readonly monitoring: MonitoringContainers,
    private readonly usage: UsageServer,
  ) {}

  /** Creates it, with the platform's app in its first version. Always call `close`, also after a failure. */
  static async create(): Promise<Site> {
    await stopCluster(name);
    const objects = await metricsServerObjects();
    const cluster = await startCluster({ name, simulate: false, metrics: { objects } });
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    const stack = new TestStack(name, cluster);
    const containers = new Containers(config, binary("traefik"), stack.folder);
    const monitoring = new MonitoringContainers(config, stack.folder);
    const kubelet = new Kubelet(
      cluster,
      async (pod, address) =>
        (await monitoring.start(pod, address)) ?? containers.start(pod, address),
    );
    const client = new Client(cluster);
    const usage = new UsageServer(cluster, new Pods(client), { capacity, cpu }, kubelet.errors);
    const site = new Site(cluster, stack, client, kubelet, containers, monitoring, usage);
    try {
      await site.fill();
    } catch (error) {
      await site.close();
      throw error;
    }
    return site;
  }

  /** Address of Prometheus. */
  get prometheus(): string {
    const { prometheus } = this.monitoring;
    if (prometheus === undefined) throw new Error("Prometheus has not been started");
    return prometheus.url;
  }

  /** Errors of the simulated kubelets. */
  get errors(): readonly unknown[] {
    return this.kubelet.errors;
  }

  /** Sends requests to an app at a fixed rate until it is stopped. */
  load(app: string, rate: number): OpenLoad {
    const target = {
      address: this.containers.gatewayAddress,
      port: gatewayPort,
      host: hostOf(app),
    };
    return new OpenLoad(target, rate, requestLimit);
  }

  /** Reads an object or a list. */
  get<Result>(path: string): Promise<Result> {
    return this.client.send<Result>({ method: "GET", path, signal: AbortSignal.timeout(10_000) });
  }

  /** Applies objects like a pipeline or a GitOps controller does. */
  async apply(file: string, ...items: object[]): Promise<void> {
    const path = join(this.stack.folder, `${file}.json`);
    writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await this.applyFile(path);
  }

  /** Defines another system's kinds of objects. */
  async define(definitions: ComparedDefinitions): Promise<void> {
    const file = definitionsFile(definitions);
    await this.applyFile(file);
    await this.until(`the definitions of ${definitions.name}`, async () => {
      const { items } = JSON.parse(await this.stack.kubectl("get", "-f", file, "-o", "json")) as {
        items: { status?: { conditions?: { type: string; status: string }[] } }[];
      };
      // A new object has no status at first.
      const isEstablished = items.every(({ status }) =>
        status?.conditions?.some(
          (condition) => condition.type === "Established" && condition.status === "True",
        ),
      );
      return items.length > 0 && isEstablished ? true : undefined;
    });
  }

  private async applyFile(path: string): Promise<void> {
    await this.stack.kubectl("apply", "--server-side", "--force-conflicts", "-f", path);
  }

  /**
   * Waits until a state is reached.
   * @param state returns nothing until then.
   * @throws Error after the timeout.
   */
  async until<State>(what: string, state: () => Promise<State | undefined>): Promise<State> {
    for (const end = Date.now() + timeout; ; await sleep(500)) {
      const reached = await state();
      if (reached !== undefined) return reached;
      if (Date.now() > end) throw new Error(`${what} was not reached in ${timeout / 1000} s`);
    }
  }

  /** Stops everything, and deletes all files. */
  async close(): Promise<void> {
    this.usage.stop();
    await this.kubelet.stop();
    await stopCluster(name);
    this.stack.remove();
  }

  private async fill(): Promise<void> {
    this.kubelet.run();
    const file = join(this.stack.folder, "volumes.json");
    writeFileSync(file, JSON.stringify(volumes(3)));
    await this.applyFile(file);
    this.stack.edit(platformSettings);
    await this.stack.create();
    await this.stack.must("up");
    this.stack.edit((settings) => {
      const releases = settings["platform:releases"] as Record<string, unknown>;
      releases["prometheus"] = this.prometheus;
      // The next update is still guarded by the address of the last one.
      releases["weaker"] = { by: "bench", reason: "no name of the cluster is resolved here" };
    });
    await this.stack.must("up");
    await this.usage.start();
  }
}

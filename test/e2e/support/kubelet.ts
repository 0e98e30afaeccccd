import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { Client } from "../../../local/plugins/resource-kubernetes/client";
import type { Cluster } from "../../../local/cluster/paths";
import { PodRunner, type StartContainer } from "./pod-runner";
import { Pods } from "./pods";

/** How often the kubelets look, milliseconds. */
const interval = 250;

/** How often the nodes say that they are there; after 40 s of silence nothing is scheduled on them. */
const heartbeat = 10_000;

/**
 * What the kubelets of the simulated nodes would do: gives each scheduled pod an address, runs its
 * process, probes it, reports its status, and stops it in order: first it leaves the endpoints,
 * then preStop, then SIGTERM, then the end of its grace time.
 */
export class Kubelet {
  private readonly pods: Pods;
  private readonly runners = new Map<string, PodRunner>();
  private nextAddress = 0;
  private stopping = false;

  constructor(
    cluster: Cluster,
    private readonly start: StartContainer,
    /** Errors that no test waits for; they fail the test at its end. */
    readonly errors: unknown[] = [],
  ) {
    this.pods = new Pods(new Client(cluster));
  }

  /** Takes up its work and goes on until {@link stop}. */
  run(): void {
    for (const work of [this.look(), this.beat()]) {
      work.catch((error: unknown) => this.errors.push(error));
    }
  }

  /** Keeps the nodes ready. */
  private async beat(): Promise<void> {
    while (!this.stopping) {
      await this.pods.renewLeases();
      await sleep(heartbeat);
    }
  }

  private async look(): Promise<void> {
    while (!this.stopping) {
      const items = await this.pods.list();
      for (const pod of items) this.observe(pod);
      const present = new Set(items.map(uid));
      for (const [key, runner] of this.runners) if (!present.has(key)) await runner.kill();
      await sleep(interval);
    }
  }

  /** Ends every process at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.runners.values()].map((runner) => runner.kill()));
  }

  /** Names of the pods whose process runs. */
  running(): string[] {
    return [...this.runners.values()].filter(({ alive }) => alive).map(({ name }) => name);
  }

  private observe(pod: V1Pod): void {
    if (pod.spec?.nodeName === undefined) return;
    const known = this.runners.get(uid(pod));
    if (pod.metadata?.deletionTimestamp !== undefined) {
      if (known === undefined)
        void this.pods.remove(pod).catch((error: unknown) => this.errors.push(error));
      else known.terminate().catch((error: unknown) => this.errors.push(error));
      return;
    }
    if (known !== undefined) return;
    const runner = new PodRunner(this.pods, pod, this.address(), this.start);
    this.runners.set(uid(pod), runner);
    runner.run().catch((error: unknown) => this.errors.push(error));
  }

  /** Addresses of 10.0.0.0/16, which the namespace routes to its own loopback. */
  private address(): string {
    this.nextAddress += 1;
    return `10.0.${this.nextAddress >> 8}.${this.nextAddress & 255}`;
  }
}

function uid(pod: V1Pod): string {
  return pod.metadata?.uid ?? "";
}

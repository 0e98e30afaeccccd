import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { Client } from "../../../local/plugins/resource-kubernetes/client";
import type { Cluster } from "../../../local/cluster/paths";
import { PodRunner, type StartContainer } from "./pod-runner";
import { Pods } from "./pods";

/** Polling interval of the kubelets, milliseconds. */
const interval = 250;

/** Interval of the nodes' heartbeats, milliseconds; after 40 s without one, nothing is scheduled on a node. */
const heartbeat = 10_000;

/**
 * Simulates the kubelets of the simulated nodes: assigns an address to each scheduled pod, runs its process and probes,
 * reports its status, and stops it in the right order: removal from the endpoints, preStop, SIGTERM, end of the grace
 * period.
 */
export class Kubelet {
  private readonly pods: Pods;
  private readonly runners = new Map<string, PodRunner>();
  private nextAddress = 0;
  private stopping = false;

  constructor(
    cluster: Cluster,
    private readonly start: StartContainer,
    /** Errors outside of a test; they fail the tests at the end. */
    readonly errors: unknown[] = [],
  ) {
    this.pods = new Pods(new Client(cluster));
  }

  /** Runs until {@link stop}. */
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

  /** Kills every process. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.runners.values()].map((runner) => runner.kill()));
  }

  /** Returns the names of the pods with a running process. */
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

  /** Returns an address of 10.0.0.0/16, which the network namespace routes to its loopback device. */
  private address(): string {
    this.nextAddress += 1;
    return `10.0.${this.nextAddress >> 8}.${this.nextAddress & 255}`;
  }
}

function uid(pod: V1Pod): string {
  return pod.metadata?.uid ?? "";
}

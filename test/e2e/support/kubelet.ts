import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { PodRunner } from "./pod-runner";

/** How often the kubelets look, milliseconds. */
const interval = 250;

/** Starts the process of a pod's main container on the pod's address. */
export type StartContainer = (pod: V1Pod, address: string) => Promise<ChildProcess>;

/**
 * What the kubelets of the simulated nodes would do: gives each scheduled pod an address, runs its
 * process, probes it, reports its status, and stops it in order: first it leaves the endpoints,
 * then preStop, then SIGTERM, then the end of its grace time.
 */
export class Kubelet {
  private readonly core: CoreV1Api;
  private readonly runners = new Map<string, PodRunner>();
  private nextAddress = 0;
  private stopping = false;

  constructor(
    config: KubeConfig,
    private readonly start: StartContainer,
    /** Errors that no test waits for; they fail the test at its end. */
    readonly errors: unknown[] = [],
  ) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Takes up its work and goes on until {@link stop}. */
  run(): void {
    this.look().catch((error: unknown) => this.errors.push(error));
  }

  private async look(): Promise<void> {
    while (!this.stopping) {
      const { items } = await this.core.listPodForAllNamespaces();
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
      if (known === undefined) void this.core.deleteNamespacedPod(gone(pod)).catch(ignoreGone);
      else known.terminate().catch((error: unknown) => this.errors.push(error));
      return;
    }
    if (known !== undefined) return;
    const runner = new PodRunner(this.core, pod, this.address(), this.start);
    this.runners.set(uid(pod), runner);
    runner.run().catch((error: unknown) => this.errors.push(error));
  }

  /** Addresses of 10.0.0.0/16, which the namespace routes to its own loopback. */
  private address(): string {
    this.nextAddress += 1;
    return `10.0.${this.nextAddress >> 8}.${this.nextAddress & 255}`;
  }
}

/** Parameters that take a pod's object away at once. */
export function gone(pod: V1Pod): { name: string; namespace: string; gracePeriodSeconds: number } {
  return {
    name: pod.metadata?.name ?? "",
    namespace: pod.metadata?.namespace ?? "",
    gracePeriodSeconds: 0,
  };
}

/** An object that is gone already is what a delete asks for; any other error is one. */
export function ignoreGone(error: { code?: number }): void {
  if (error.code !== 404) throw error;
}

function uid(pod: V1Pod): string {
  return pod.metadata?.uid ?? "";
}

import type { ChildProcess } from "node:child_process";
import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from "@kubernetes/client-node";
import { PodRunner } from "./pod-runner";

/** Starts the process of a pod's main container on the pod's address. */
export type StartContainer = (pod: V1Pod, address: string) => ChildProcess;

/**
 * What the kubelets of the simulated nodes would do: gives each scheduled pod an address, runs its
 * process, probes it, reports its status, and stops it in order: first it leaves the endpoints,
 * then preStop, then SIGTERM, then the end of its grace time.
 */
export class Kubelet {
  private readonly core: CoreV1Api;
  private readonly runners = new Map<string, PodRunner>();
  private nextAddress = 0;
  private stopInformer: () => void = () => {};

  constructor(
    private readonly config: KubeConfig,
    private readonly start: StartContainer,
    /** Errors that no test waits for; they fail the test at its end. */
    readonly errors: unknown[] = [],
  ) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** Takes up its work and goes on until {@link stop}. */
  async run(): Promise<void> {
    const list = () => this.core.listPodForAllNamespaces();
    const informer = makeInformer(this.config, "/api/v1/pods", list);
    informer.on("add", (pod) => this.observe(pod));
    informer.on("update", (pod) => this.observe(pod));
    informer.on("delete", (pod) => this.runners.get(uid(pod))?.kill());
    informer.on("error", (error) => {
      this.errors.push(error);
    });
    await informer.start();
    this.stopInformer = () => void informer.stop();
  }

  /** Ends every process at once. */
  async stop(): Promise<void> {
    this.stopInformer();
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

import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { ApiError, Client } from "../../../local/plugins/resource-kubernetes/client";
import type { Cluster } from "../../../local/cluster";
import { PodRunner } from "./pod-runner";

/** How often the kubelets look, milliseconds. */
const interval = 250;

/** How often the nodes say that they are there; after 40 s of silence nothing is scheduled on them. */
const heartbeat = 10_000;

/** Starts the process of a pod's main container on the pod's address. */
export type StartContainer = (pod: V1Pod, address: string) => Promise<ChildProcess>;

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

/** The pods and nodes of a cluster, as kubelets see and change them. Every request has a time limit. */
export class Pods {
  constructor(private readonly client: Client) {}

  /** All of them. */
  async list(): Promise<V1Pod[]> {
    const { items } = await this.client.send<{ items: V1Pod[] }>({
      method: "GET",
      path: "/api/v1/pods",
      signal: AbortSignal.timeout(requestTimeout),
    });
    return items;
  }

  /** Renews every node's lease. */
  async renewLeases(): Promise<void> {
    const { items } = await this.client.send<{ items: { metadata: { name: string } }[] }>({
      method: "GET",
      path: "/api/v1/nodes",
      signal: AbortSignal.timeout(requestTimeout),
    });
    await Promise.all(items.map(({ metadata }) => this.renewLease(metadata.name)));
  }

  private async renewLease(node: string): Promise<void> {
    await this.client.send({
      method: "PATCH",
      path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}`,
      query: { fieldManager: "kubelet", force: "true" },
      body: {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: node },
        spec: {
          holderIdentity: node,
          leaseDurationSeconds: 40,
          renewTime: new Date().toISOString().replace("Z", "000Z"),
        },
      },
      contentType: "application/apply-patch+yaml",
      signal: AbortSignal.timeout(requestTimeout),
    });
  }

  /** Writes a pod's status. */
  async report(pod: V1Pod, status: object): Promise<void> {
    await this.client
      .send({
        method: "PATCH",
        path: `${pathOf(pod)}/status`,
        body: { status },
        contentType: "application/strategic-merge-patch+json",
        signal: AbortSignal.timeout(requestTimeout),
      })
      .catch(ignoreGone);
  }

  /** Takes a pod's object away at once. */
  async remove(pod: V1Pod): Promise<void> {
    await this.client
      .send({
        method: "DELETE",
        path: pathOf(pod),
        body: { gracePeriodSeconds: 0 },
        contentType: "application/json",
        signal: AbortSignal.timeout(requestTimeout),
      })
      .catch(ignoreGone);
  }
}

/** Longest wait for an answer, milliseconds. */
const requestTimeout = 10_000;

function pathOf({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
}

/** A pod that is gone already needs nothing more. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
}

function uid(pod: V1Pod): string {
  return pod.metadata?.uid ?? "";
}

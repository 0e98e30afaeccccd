import type { V1Pod } from "@kubernetes/client-node";
import { ApiError, type Client } from "../../../local/plugins/resource-kubernetes/client";

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

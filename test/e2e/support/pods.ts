import type { V1Pod } from "@kubernetes/client-node";
import { ApiError, type Client } from "../../../local/plugins/resource-kubernetes/client";

/** The pods and nodes of a cluster, as kubelets read and write them. Every request has a timeout. */
export class Pods {
  constructor(private readonly client: Client) {}

  /** Returns all pods. */
  async list(): Promise<V1Pod[]> {
    const { items } = await this.client.send<{ items: V1Pod[] }>({
      method: "GET",
      path: "/api/v1/pods",
      // From the API server's memory, as the kubelets list often.
      query: { resourceVersion: "0" },
      signal: AbortSignal.timeout(requestTimeout),
    });
    return items;
  }

  /** Renews every node's lease. */
  async renewLeases(): Promise<void> {
    await Promise.all((await this.nodes()).map(({ metadata }) => this.renewLease(metadata.name)));
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

  /**
   * Publishes the address of the nodes' kubelets.
   * @param annotations returns the annotations of a node, by its name.
   */
  async announceKubelets(
    { address, port }: { address: string; port: number },
    annotations: (node: string) => Record<string, string>,
  ): Promise<void> {
    for (const { metadata } of await this.nodes()) {
      const path = `/api/v1/nodes/${metadata.name}`;
      const contentType = "application/merge-patch+json";
      const signal = AbortSignal.timeout(requestTimeout);
      const body = { metadata: { annotations: annotations(metadata.name) } };
      await this.client.send({ method: "PATCH", path, body, contentType, signal });
      const status = {
        addresses: [{ type: "InternalIP", address }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
        conditions: [{ type: "Ready", status: "True", reason: "Test", message: "" }],
      };
      await this.client.send({
        ...{ method: "PATCH", path: `${path}/status`, body: { status }, contentType, signal },
      });
    }
  }

  private async nodes(): Promise<{ metadata: { name: string } }[]> {
    const { items } = await this.client.send<{ items: { metadata: { name: string } }[] }>({
      method: "GET",
      path: "/api/v1/nodes",
      signal: AbortSignal.timeout(requestTimeout),
    });
    return items;
  }

  /** Deletes a pod immediately. */
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

/** Timeout of a request, milliseconds: an API server of a busy machine may take long. */
const requestTimeout = 60_000;

function pathOf({ metadata }: V1Pod): string {
  return `/api/v1/namespaces/${metadata?.namespace}/pods/${metadata?.name}`;
}

/** Ignores that a pod was already deleted. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
}

/** Options of the simulated nodes. */
export interface NodeOptions {
  /** Number of nodes. */
  count?: number;
  /** Zones, assigned to the nodes in turn. */
  zones?: string[];
  /** Labels and taints of every node. */
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: string }[];
}

/** Simulated nodes: 32 cores, 256 GiB, 500 GiB of disk and 250 pods each. */
export function nodeList({
  count = 3,
  zones = ["zone-a", "zone-b"],
  labels = {},
  taints = [],
}: NodeOptions = {}): object {
  const items = Array.from({ length: count }, (_, index) => {
    const name = `node-${index}`;
    const resources = {
      cpu: "32",
      memory: "256Gi",
      pods: "250",
      "ephemeral-storage": "500Gi",
    };
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: {
          "kubernetes.io/hostname": name,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "topology.kubernetes.io/zone": zones[index % zones.length],
          type: "kwok",
          ...labels,
        },
      },
      // The controller manager adds its own taints to nodes that were not ready.
      ...(taints.length > 0 && { spec: { taints } }),
      status: { allocatable: resources, capacity: resources },
    };
  });
  return { apiVersion: "v1", kind: "List", items };
}

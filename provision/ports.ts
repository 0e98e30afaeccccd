/** Port of the API servers. */
export const apiPort = 6443;

/** Ports of metrics on every machine: kubelet, kube-proxy and node-exporter. */
export const machineMetrics = [10_249, 10_250, 9100] as const;

/** Ports of metrics on control-plane machines: etcd, controller manager and scheduler. */
export const controlPlaneMetrics = [2381, 10_257, 10_259] as const;

/** Range of node ports, the API server's default. */
const nodePortRange = { first: 30_000, last: 32_767 } as const;

/** The same, as nftables writes it. */
export const nodePorts = `${nodePortRange.first}-${nodePortRange.last}`;

/** Ports that programs of control-plane machines use. */
export const portsInUse: readonly { what: string; ports: readonly number[] }[] = [
  { what: "SSH", ports: [22] },
  { what: "the API server", ports: [apiPort] },
  { what: "etcd", ports: [2379, 2380, 2381] },
  { what: "the kubelet", ports: [10_248, 10_250] },
  { what: "kube-proxy", ports: [10_249, 10_256] },
  { what: "the controller manager", ports: [10_257] },
  { what: "the scheduler", ports: [10_259] },
  { what: "node-exporter", ports: [9100] },
  { what: "Services", ports: portsFrom(nodePortRange) },
];

function portsFrom({ first, last }: { first: number; last: number }): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

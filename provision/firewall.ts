import { contains } from "../config/addresses";
import { places } from "./paths";
import type { PlanFile } from "./plan-file";
import { apiPort, controlPlaneMetrics, machineMetrics, nodePorts } from "./ports";
import type { Cluster } from "./read";
import { controlPlaneOf, type Machine } from "./schema/machines";

interface Opening {
  why: string;
  protocol: "tcp" | "udp";
  ports: readonly number[];
  from: readonly string[];
}

/**
 * Returns the firewall rules of a machine. They are in a separate table, so that those of kube-proxy and the
 * network plugin are never touched. Packets that no rule accepts are dropped. Packets that are forwarded to
 * pods are left to the network policies.
 */
export function firewallFile(cluster: Cluster, machine: Machine): PlanFile {
  const rules = [...opened(cluster, machine), ...ownOpenings(cluster, machine)].map(rule);
  return {
    path: places.firewall,
    text: `#!/usr/sbin/nft -f
table inet machine
delete table inet machine

table inet machine {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		ct state invalid drop
		iifname "lo" accept
		meta l4proto { icmp, ipv6-icmp } accept
${[...rules, ...vrrp(cluster, machine)].map((line) => `\t\t${line}`).join("\n")}
	}
${nodePortChain(cluster)}}
`,
  };
}

function opened(cluster: Cluster, { role }: Machine): Opening[] {
  const { network, firewall, endpoint } = cluster;
  const inside = [network.machines, network.pods];
  const everywhere: Opening[] = [
    { why: "SSH", protocol: "tcp", ports: [22], from: firewall.ssh },
    { why: "kubelet and metrics", protocol: "tcp", ports: machineMetrics, from: inside },
    ...pluginPorts(cluster),
  ];
  if (role === "worker") return everywhere;
  const members = controlPlaneOf(cluster).map(([, { address }]) => address);
  const ports = endpoint.type === "keepalived" ? [apiPort, endpoint.port] : [apiPort];
  return [
    ...everywhere,
    { why: "API", protocol: "tcp", ports, from: [...inside, ...firewall.api] },
    // A backup runs in a pod; etcd requires a client certificate.
    { why: "etcd", protocol: "tcp", ports: [2379], from: inside },
    { why: "etcd members", protocol: "tcp", ports: [2380], from: members },
    { why: "metrics", protocol: "tcp", ports: controlPlaneMetrics, from: inside },
  ];
}

/** Ports of the network plugin between machines. */
function pluginPorts({ network }: Cluster): Opening[] {
  const { plugin, machines } = network;
  const ports =
    plugin.name === "other"
      ? plugin.ports
      : [
          { protocol: "tcp" as const, port: 5473 },
          plugin.encapsulation === "VXLAN"
            ? { protocol: "udp" as const, port: 4789 }
            : { protocol: "tcp" as const, port: 179 },
        ];
  return (["tcp", "udp"] as const).flatMap((protocol) => {
    const own = ports.filter((it) => it.protocol === protocol).map(({ port }) => port);
    return own.length === 0
      ? []
      : [{ why: "network plugin", protocol, ports: own, from: [machines] }];
  });
}

function ownOpenings({ firewall }: Cluster, { role }: Machine): Opening[] {
  return firewall.open
    .filter(({ on }) => on === "all" || on === role)
    .map(({ reason, ...opening }) => ({ ...opening, why: reason }));
}

function rule({ why, protocol, ports, from }: Opening): string {
  return `ip saddr ${set(from)} ${protocol} dport ${set(ports)} accept comment "${why}"`;
}

/**
 * Returns a set of ports or addresses, without ranges that another one contains: nft rejects overlaps in a set.
 */
function set(values: readonly (string | number)[]): string {
  const unique = [...new Set(values.map(String))];
  const kept = unique.filter(
    (it, index) =>
      !unique.some(
        // Of one address with and without its prefix, the first is kept.
        (other, at) => contains(other, it) && (at < index || !contains(it, other)),
      ),
  );
  return kept.length === 1 ? (kept[0] ?? "") : `{ ${kept.join(", ")} }`;
}

/** The control-plane machines tell each other which of them holds the shared address. */
function vrrp(cluster: Cluster, { role, address }: Machine): string[] {
  if (cluster.endpoint.type !== "keepalived" || role === "worker") return [];
  const members = controlPlaneOf(cluster).map(([, member]) => member.address);
  const peers = members.filter((member) => member !== address);
  if (peers.length === 0) return [];
  return [`ip saddr ${set(peers)} meta l4proto vrrp accept comment "keepalived"`];
}

/** Requests to node ports are forwarded before the chain above sees them, so they are filtered earlier. */
function nodePortChain({ network, firewall }: Cluster): string {
  const from = set([network.machines, network.pods, ...firewall.nodePorts]);
  return `
	chain node_ports {
		type filter hook prerouting priority mangle; policy accept;
		iifname "lo" accept
		fib daddr type local ip saddr != ${from} meta l4proto { tcp, udp } th dport ${nodePorts} ct state new drop comment "node ports"
	}
`;
}

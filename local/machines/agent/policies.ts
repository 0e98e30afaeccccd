import type {
  V1Namespace,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1Pod,
} from "@kubernetes/client-node";
import { selects } from "../../../config/label-selector";

/** The objects that determine allowed connections. */
export interface World {
  pods: readonly V1Pod[];
  namespaces: readonly V1Namespace[];
  policies: readonly V1NetworkPolicy[];
}

/** Name of the nftables table with the policies of a node. */
export const policyTable = "network-policies";

type Direction = "ingress" | "egress";

/** A rule in one direction: peers and ports. */
interface Rule {
  peers?: V1NetworkPolicyPeer[];
  ports?: V1NetworkPolicyPort[];
}

/**
 * Returns the network policies of a cluster as input for `nft`: a chain for each pod and direction that a policy
 * isolates. Its rules return for allowed connections; all others are dropped. Connections of a node to its own pods,
 * such as probes, do not pass through it.
 */
export function ruleset(world: World): string {
  const chains: string[] = [];
  const jumps: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const [index, pod] of world.pods.filter(hasNetwork).entries()) {
    for (const direction of ["egress", "ingress"] as const) {
      const isolating = world.policies.filter((policy) => isolates(policy, pod, direction));
      if (isolating.length === 0) continue;
      const rules = isolating.flatMap((policy) =>
        rulesOf(policy, direction).flatMap((rule) =>
          ruleLines(world, policy.metadata?.namespace ?? "", pod, rule, direction),
        ),
      );
      const name = `${direction}-${index}`;
      chains.push(`chain ${name} {`, ...new Set(rules), "counter drop", "}");
      const side = direction === "ingress" ? "daddr" : "saddr";
      jumps[direction].push(`ip ${side} ${pod.status?.podIP} jump ${name}`);
    }
  }
  return [
    `table inet ${policyTable} {}`,
    `delete table inet ${policyTable}`,
    `table inet ${policyTable} {`,
    ...chains,
    "chain forward {",
    "type filter hook forward priority filter;",
    "ct state established,related accept",
    ...jumps.egress,
    ...jumps.ingress,
    "}",
    // Connections of a pod to its own node.
    "chain input {",
    "type filter hook input priority filter;",
    "ct state established,related accept",
    ...jumps.egress,
    "}",
    "}",
    "",
  ].join("\n");
}

/** Whether a pod has its own address; policies do not apply to the host network. */
function hasNetwork({ spec, status }: V1Pod): boolean {
  const ended = status?.phase === "Succeeded" || status?.phase === "Failed";
  return status?.podIP !== undefined && spec?.hostNetwork !== true && !ended;
}

function isolates({ metadata, spec }: V1NetworkPolicy, pod: V1Pod, direction: Direction): boolean {
  if (spec === undefined || metadata?.namespace !== pod.metadata?.namespace) return false;
  const types = spec.policyTypes ?? ["Ingress", ...(spec.egress === undefined ? [] : ["Egress"])];
  const wanted = direction === "ingress" ? "Ingress" : "Egress";
  return types.includes(wanted) && selects(spec.podSelector ?? {}, pod.metadata?.labels);
}

/** A rule in the API server's format: the client library renames `from` in lists, but not in watches. */
type IngressRule = V1NetworkPolicyIngressRule & { from?: V1NetworkPolicyPeer[] };

function rulesOf({ spec }: V1NetworkPolicy, direction: Direction): Rule[] {
  const ingress: IngressRule[] = spec?.ingress ?? [];
  return direction === "ingress"
    ? ingress.map(({ _from, from, ports }) => ({ peers: _from ?? from, ports }))
    : (spec?.egress ?? []).map(({ to: peers, ports }) => ({ peers, ports }));
}

function ruleLines(
  world: World,
  namespace: string,
  pod: V1Pod,
  { peers = [], ports = [] }: Rule,
  direction: Direction,
): string[] {
  const side = direction === "ingress" ? "saddr" : "daddr";
  const ends =
    peers.length === 0
      ? [{ match: "", pods: others(world) }]
      : peers.flatMap((peer) => {
          if (peer.ipBlock !== undefined) {
            const { cidr, except = [] } = peer.ipBlock;
            if (cidr.includes(":")) return [];
            const without = except.length === 0 ? "" : ` ip ${side} != { ${except.join(", ")} }`;
            return [{ match: `ip ${side} ${cidr}${without}`, pods: [] }];
          }
          const pods = peerPods(world, namespace, peer);
          if (pods.length === 0) return [];
          return [{ match: `ip ${side} { ${addresses(pods)} }`, pods }];
        });
  return ends.flatMap(({ match, pods }) => {
    if (ports.length === 0) return [`${match} return`];
    return ports.flatMap((port) =>
      portMatches(port, direction === "ingress" ? [pod] : pods, direction).map(
        ({ text, of }) =>
          `${of === undefined ? match : `ip daddr { ${addresses(of)} }`} ${text} return`,
      ),
    );
  });
}

function others({ pods }: World): V1Pod[] {
  return pods.filter(hasNetwork);
}

function peerPods({ pods, namespaces }: World, own: string, peer: V1NetworkPolicyPeer): V1Pod[] {
  const { podSelector, namespaceSelector } = peer;
  const names = new Set(
    namespaceSelector === undefined
      ? [own]
      : namespaces
          .filter(({ metadata }) => selects(namespaceSelector, metadata?.labels))
          .map(({ metadata }) => metadata?.name ?? ""),
  );
  return pods.filter(
    (pod) =>
      hasNetwork(pod) &&
      names.has(pod.metadata?.namespace ?? "") &&
      selects(podSelector ?? {}, pod.metadata?.labels),
  );
}

function addresses(pods: readonly V1Pod[]): string {
  return [...new Set(pods.map(({ status }) => status?.podIP))].sort().join(", ");
}

/** Returns a port in nft's syntax; a name refers to the ports of the pods that accept the connection. */
function portMatches(
  { port, endPort, protocol = "TCP" }: V1NetworkPolicyPort,
  pods: readonly V1Pod[],
  direction: Direction,
): { text: string; of?: V1Pod[] }[] {
  const type = protocol.toLowerCase();
  if (port === undefined) return [{ text: `meta l4proto ${type}` }];
  if (typeof port === "number") {
    return [{ text: `${type} dport ${endPort === undefined ? port : `${port}-${endPort}`}` }];
  }
  const byNumber = new Map<number, V1Pod[]>();
  for (const pod of pods) {
    for (const { ports = [] } of [
      ...(pod.spec?.containers ?? []),
      ...(pod.spec?.initContainers ?? []),
    ]) {
      const named = ports.find(
        (it) => it.name === String(port) && (it.protocol ?? "TCP") === protocol,
      );
      if (named === undefined) continue;
      byNumber.set(named.containerPort, [...(byNumber.get(named.containerPort) ?? []), pod]);
    }
  }
  return [...byNumber].map(([number, of]) => ({
    text: `${type} dport ${number}`,
    ...(direction === "egress" && { of }),
  }));
}

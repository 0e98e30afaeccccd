import type * as k8s from "@pulumi/kubernetes";
import { selects } from "../../config/label-selector";
import type { KubernetesObject } from "../../render/objects";
import { workloads, type Workload } from "../../policy/workloads";

type Spec = k8s.types.output.networking.v1.NetworkPolicySpec;
type Port = Partial<k8s.types.output.networking.v1.NetworkPolicyPort>;
type Peer = k8s.types.output.networking.v1.NetworkPolicyPeer;

/** A connection that only one end's policy allows. */
export interface OneSided {
  from: string;
  to: string;
  port: string;
  /** The end whose policy does not allow it. */
  refusedBy: "source" | "target";
}

/** A network policy and its namespace. */
export interface Policy {
  namespace: string;
  spec: Spec;
}

/**
 * Returns every connection between two workloads of the stack that only one of them allows. Peers by address are
 * ignored, because they are outside the cluster.
 */
export function oneSidedConnections(objects: KubernetesObject[]): OneSided[] {
  const policies = policiesOf(objects);
  const pods = workloads(objects).filter(({ pod }) => pod.hostNetwork !== true);
  const found: OneSided[] = [];
  for (const source of pods) {
    for (const target of pods) {
      for (const { peers, ports } of rulesOf(policies, source, "Egress")) {
        for (const port of ports) {
          if (!listens(target, port) || !matches(peers, source, target)) continue;
          if (allows(policies, target, "Ingress", source, port)) continue;
          found.push(oneSided(source, target, port, "target"));
        }
      }
      for (const { peers, ports } of rulesOf(policies, target, "Ingress")) {
        for (const port of ports) {
          if (peers.length === 0 || !listens(target, port)) continue;
          if (!namesWorkload(peers, target, source)) continue;
          if (allows(policies, source, "Egress", target, port)) continue;
          found.push(oneSided(source, target, port, "source"));
        }
      }
    }
  }
  return found;
}

/**
 * Returns every port of an egress rule on which none of the pods listens that the rule selects. Such a port allows
 * nothing, for example that of a Service. Rules with addresses, or for pods that the stack does not declare, are
 * ignored.
 */
export function unheardPorts(objects: KubernetesObject[]): string[] {
  const policies = policiesOf(objects);
  const pods = workloads(objects).filter(({ pod }) => pod.hostNetwork !== true);
  return pods.flatMap((own) =>
    rulesOf(policies, own, "Egress")
      .filter(({ peers }) => peers.every(({ ipBlock }) => ipBlock === undefined))
      .flatMap(({ peers, ports }) => {
        const selected = pods.filter((other) => matches(peers, own, other));
        if (selected.length === 0) return [];
        return ports
          .filter(({ port, endPort }) => port !== undefined && endPort === undefined)
          .filter((port) => !selected.some((target) => listens(target, port)))
          .map(({ port }) => `${own.title} -> ${port}: no selected pod listens`);
      }),
  );
}

/** Returns the network policies of a stack. */
export function policiesOf(objects: KubernetesObject[]): Policy[] {
  return objects
    .filter(({ kind }) => kind === "NetworkPolicy")
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace ?? "", spec: spec as Spec }));
}

function oneSided(
  source: Workload,
  target: Workload,
  port: Port,
  refusedBy: OneSided["refusedBy"],
): OneSided {
  return { from: source.title, to: target.title, port: String(port.port), refusedBy };
}

type Direction = "Ingress" | "Egress";

/** Returns the rules of every policy that selects a workload's pods. */
function rulesOf(
  policies: Policy[],
  { object, labels }: Workload,
  direction: Direction,
): { peers: Peer[]; ports: Port[] }[] {
  return policies
    .filter(
      ({ namespace, spec }) =>
        namespace === object.metadata.namespace && selects(spec.podSelector, labels),
    )
    .flatMap(({ spec }) =>
      direction === "Egress"
        ? (spec.egress ?? []).map(({ to, ports }) => ({ peers: to ?? [], ports: ports ?? [] }))
        : (spec.ingress ?? []).map(({ from, ports }) => ({
            peers: from ?? [],
            ports: ports ?? [],
          })),
    );
}

/** Whether the policies of one workload allow its connections with another one on a port of the target's pods. */
export function allows(
  policies: Policy[],
  own: Workload,
  direction: Direction,
  other: Workload,
  port: Port,
): boolean {
  const target = direction === "Ingress" ? own : other;
  return rulesOf(policies, own, direction).some(
    ({ peers, ports }) =>
      (peers.length === 0 || matches(peers, own, other) || peers.some(isOpen)) &&
      (ports.length === 0 || ports.some((rule) => covers(rule, port, target))),
  );
}

/** Whether a rule's port is, or contains, another one; names are those in the target's containers. */
function covers(rule: Port, port: Port, target: Workload): boolean {
  const number = numberOf(port.port, target);
  if (rule.port === undefined) return true;
  if (rule.endPort !== undefined) {
    return number >= Number(rule.port) && number <= rule.endPort;
  }
  return numberOf(rule.port, target) === number;
}

function numberOf(port: number | string | undefined, { pod }: Workload): number {
  if (typeof port === "number") return port;
  const named = pod.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}

function listens(target: Workload, { port, endPort }: Port): boolean {
  if (port === undefined || endPort !== undefined) return false;
  const number = numberOf(port, target);
  return target.pod.containers.some(({ ports = [] }) =>
    ports.some(({ containerPort }) => containerPort === number),
  );
}

/** Whether a peer selects the pods of the other workload, from a policy in the own namespace. */
function matches(peers: Peer[], own: Workload, other: Workload): boolean {
  return peers.some(({ namespaceSelector, podSelector, ipBlock }) => {
    if (ipBlock !== undefined) return false;
    const namespace = other.object.metadata.namespace ?? "";
    const inNamespace =
      namespaceSelector === undefined
        ? namespace === own.object.metadata.namespace
        : selects(namespaceSelector, { "kubernetes.io/metadata.name": namespace });
    return inNamespace && selects(podSelector ?? {}, other.labels);
  });
}

/** Whether a peer names the other workload itself, not only its namespace. */
function namesWorkload(peers: Peer[], own: Workload, other: Workload): boolean {
  return matches(
    peers.filter(({ podSelector }) => Object.keys(podSelector?.matchLabels ?? {}).length > 0),
    own,
    other,
  );
}

function isOpen({ ipBlock }: Peer): boolean {
  return ipBlock?.cidr === "0.0.0.0/0";
}

import * as k8s from "@pulumi/kubernetes";
import type { Part, PlatformContext } from "./context";
import { objectLabels, selectorLabels } from "./labels";

type PolicyPort = k8s.types.input.networking.v1.NetworkPolicyPort;

/** Who may connect, or may be connected to. */
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** A TCP port by number or by name; another protocol or a range in full. Ports are those of the pods. */
export type Port = number | string | PolicyPort;

/** What one workload may be reached by, and what it may reach. */
export interface Network {
  /** Connections to its pods, beside the scrapes of Prometheus. */
  ingress?: { from: Peer[] | "anywhere"; ports: Port[] }[];
  /** Connections from its pods, beside DNS and, with a service account, the API server. */
  egress?: { to: Peer[]; ports: Port[] }[];
  /** Name in the program of a policy that was declared before under the same name in the cluster. */
  formerName?: string;
}

/** Addresses by which cloud machines hand out credentials; no pod of the platform needs them. */
const linkLocal = "169.254.0.0/16";

/** Address of the DNS cache that runs on every node where it is installed (NodeLocal DNSCache). */
export const nodeLocalDns = "169.254.20.10/32";

/** The pods of a namespace: all of them, or those of one workload. */
export function podsIn(namespace: string, name?: string): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(name === undefined ? {} : { podSelector: { matchLabels: selectorLabels(name) } }),
  };
}

/** The pods of a workload in the same namespace; every pod of the namespace without a name. */
export function podsOf(name?: string): Peer {
  return { podSelector: name === undefined ? {} : { matchLabels: selectorLabels(name) } };
}

/** The gateway's pods: web UIs and apps are reached through them. */
export const gatewayPods = podsIn("gateway");

/** Every address, inside or outside of the cluster, but for the link-local range. */
export const anyAddress: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: [linkLocal] } };

/** Every TCP port. */
export const everyPort: Port = { protocol: "TCP", port: 1, endPort: 65_535 };

/** A TCP port, or the port as it is given. */
export function policyPort(port: Port): PolicyPort {
  return typeof port === "object" ? port : { protocol: "TCP", port };
}

/** Name look-ups: the cluster's DNS, and caches outside of it. */
export function dnsEgress({ dnsServers = [nodeLocalDns] }: Pick<PlatformContext, "dnsServers">) {
  const caches = dnsServers.map((cidr) => ({ ipBlock: { cidr } }));
  return {
    to: [podsIn("kube-system"), ...caches],
    ports: [{ protocol: "UDP", port: 53 }, policyPort(53)],
  };
}

/** Calls of the API server: its Service's port, and the port of kubeadm's control planes. */
export function apiServerEgress({ apiServer }: Pick<PlatformContext, "apiServer">) {
  const to = apiServer?.map((cidr) => ({ ipBlock: { cidr } })) ?? [anyAddress];
  return { to, ports: [443, 6443].map(policyPort) };
}

/**
 * The network policy of one workload: its pods are reached by, and reach, only what is listed. One
 * object for both directions, so that no connection is cut between two of them.
 * @param metricsPort port that Prometheus scrapes, if any.
 * @param usesApi whether its pods call the API server.
 */
export function workloadPolicy(
  part: Part,
  name: string,
  { ingress = [], egress = [], formerName }: Network,
  { metricsPort, usesApi }: { metricsPort?: number; usesApi: boolean },
  podSelector: k8s.types.input.meta.v1.LabelSelector = { matchLabels: selectorLabels(name) },
): void {
  const scrapes =
    metricsPort === undefined
      ? []
      : [{ from: [podsIn("monitoring", "prometheus")], ports: [policyPort(metricsPort)] }];
  const policy = new k8s.networking.v1.NetworkPolicy(
    `${part.name}-${name}-network`,
    {
      metadata: { name, namespace: part.namespace, labels: objectLabels(name, part.name) },
      spec: {
        podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          ...scrapes,
          ...ingress.map(({ from, ports }) => ({
            ...(from === "anywhere" ? {} : { from }),
            ports: ports.map(policyPort),
          })),
        ],
        egress: [
          dnsEgress(part.context),
          ...(usesApi ? [apiServerEgress(part.context)] : []),
          ...egress.map(({ to, ports }) => ({ to, ports: ports.map(policyPort) })),
        ],
      },
    },
    {
      parent: part.parent,
      ...(formerName === undefined ? {} : { aliases: [{ name: formerName }] }),
    },
  );
  part.policies.push(policy);
}

/**
 * Denies every connection of the part's namespace that no workload's policy allows. It comes after
 * the workloads' policies: coming first, it would cut off a running platform until they exist.
 * @param namespace the namespace as plain text, for a part that has several.
 */
export function closeNamespace(part: Part, namespace = part.name): void {
  new k8s.networking.v1.NetworkPolicy(
    `${namespace}-default-deny`,
    {
      metadata: {
        name: "default-deny",
        namespace: part.namespace,
        labels: objectLabels(part.name, part.name),
      },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    { parent: part.parent, dependsOn: part.policies },
  );
}

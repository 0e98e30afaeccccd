import * as k8s from "@pulumi/kubernetes";
import { prometheusServer } from "../../config";
import { metadataIn, nodeLocalDnsAddress } from "../../config/addresses";
import type { Part, PlatformContext } from "./context";
import { objectLabels, selectorLabels } from "./labels";

type PolicyPort = k8s.types.input.networking.v1.NetworkPolicyPort;

/** The other side of a connection. */
export type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** A TCP port by number or name, or a full port with protocol or range. Ports are those of the pods. */
export type Port = number | string | PolicyPort;

/** Allowed connections of one workload. */
export interface Network {
  /** Connections to its pods, in addition to the scrapes of Prometheus. */
  ingress?: { from: Peer[] | "anywhere"; ports: Port[] }[];
  /** Connections from its pods, in addition to DNS and, with a service account, the API server. */
  egress?: { to: Peer[]; ports: Port[] }[];
  /** Former name of the policy in the program, if its resource name has changed. Default: none. */
  formerName?: string;
}

/** The pods of a namespace: all, or those of one workload. */
export function podsIn(namespace: string, name?: string): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(name === undefined ? {} : { podSelector: { matchLabels: selectorLabels(name) } }),
  };
}

/** The pods of a workload in the same namespace. Default: all pods of the namespace. */
export function podsOf(name?: string): Peer {
  return { podSelector: name === undefined ? {} : { matchLabels: selectorLabels(name) } };
}

/** The gateway's pods, through which web UIs and apps are reached. */
export const gatewayPods = podsIn("gateway");

/** The pods of the component `monitoring` that collect metrics and answer queries about them. */
export const prometheusPods = podsIn(prometheusServer.namespace, prometheusServer.name);

/** Returns the addresses in a range, except those at which clouds give their nodes credentials. */
export function addressesIn(cidr: string): Peer {
  const except = metadataIn(cidr);
  return { ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } };
}

/** Every address inside or outside the cluster, except those at which clouds give their nodes credentials. */
export const anyAddress: Peer = addressesIn("0.0.0.0/0");

/** Every TCP port. */
export const everyPort: Port = { protocol: "TCP", port: 1, endPort: 65_535 };

/** Returns a TCP port by number or name as a full port. */
export function policyPort(port: Port): PolicyPort {
  return typeof port === "object" ? port : { protocol: "TCP", port };
}

/** Name resolution: the cluster's DNS, and caches outside it. */
export function dnsEgress({
  dnsServers = [nodeLocalDnsAddress],
}: Pick<PlatformContext, "dnsServers">) {
  const caches = dnsServers.map((cidr) => ({ ipBlock: { cidr } }));
  return {
    to: [podsIn("kube-system"), ...caches],
    ports: [{ protocol: "UDP", port: 53 }, policyPort(53)],
  };
}

/** Calls of the API server: the port of its Service, and that of kubeadm's control plane nodes. */
export const apiServerEgress = { to: [anyAddress], ports: [443, 6443].map(policyPort) };

/**
 * Declares the network policy of one workload: its pods accept and open only the listed connections. One object covers
 * both directions, so that no connection breaks between two objects.
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
    metricsPort === undefined ? [] : [{ from: [prometheusPods], ports: [policyPort(metricsPort)] }];
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
          ...(usesApi ? [apiServerEgress] : []),
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
 * Denies every connection in the part's namespace that no workload's policy allows. It is created after these policies;
 * created first, it would disconnect a running platform until they exist.
 * @param namespace the namespace as a plain string, for a part with several.
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

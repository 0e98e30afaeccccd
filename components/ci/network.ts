import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../shared/context";
import { objectLabels } from "../shared/labels";
import {
  anyAddress,
  dnsEgress,
  gatewayPods,
  podsIn,
  policyPort,
  type Peer,
  type Port,
} from "../shared/network-policy";
import {
  agentLabel,
  agentsNamespace,
  builderNamespace,
  builderPort,
  controllerName,
  httpPort,
} from "./names";

/** Every port: the gateway's pods listen on ports of their own. */
const everyPort: Port = { protocol: "TCP", port: 1, endPort: 65_535 };

/** Ports of gateways that are reached by their nodes. */
const nodePorts: Port = { protocol: "TCP", port: 30_000, endPort: 32_767 };

/** The stack's own pages and repositories, and servers outside of the cluster. */
export function toServers(...ports: number[]): { to: Peer[]; ports: Port[] }[] {
  return [
    { to: [gatewayPods], ports: [everyPort] },
    { to: [anyAddress], ports: [...ports, nodePorts] },
  ];
}

/** The agents of every kind. */
export const everyAgent: Peer = podsIn(agentsNamespace);

/** The agents that build images. */
export const imageAgents: Peer = {
  ...podsIn(agentsNamespace),
  podSelector: { matchLabels: { [agentLabel]: "image" } },
};

/** The agents that release: they check canaries with the stack's Prometheus. */
function releaseAgentsPolicy({ namespace, parent }: Part): void {
  const name = "jenkins-release-agents";
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name, namespace, labels: objectLabels(controllerName, "ci") },
      spec: {
        podSelector: { matchLabels: { [agentLabel]: "platform" } },
        policyTypes: ["Egress"],
        egress: [{ to: [podsIn("monitoring", "prometheus")], ports: [policyPort(9090)] }],
      },
    },
    { parent },
  );
}

/** Agents run what developers write, so they reach little, and nobody reaches them. */
export function agentsPolicy(part: Part): void {
  const { context, namespace, parent } = part;
  releaseAgentsPolicy(part);
  const name = "jenkins-agents";
  const egress = [
    { to: [podsIn("ci", controllerName)], ports: [httpPort] },
    { to: [podsIn(builderNamespace)], ports: [builderPort] },
    // Git, packages, the API servers of other stacks, and gateways on node ports.
    ...toServers(22, 80, 443, 6443),
  ];
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name, namespace, labels: objectLabels(controllerName, "ci") },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [
          dnsEgress(context),
          ...egress.map(({ to, ports }) => ({ to, ports: ports.map(policyPort) })),
        ],
      },
    },
    { parent },
  );
}

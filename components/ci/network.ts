import * as k8s from "@pulumi/kubernetes";
import { prometheusServer } from "../../config";
import type { Part } from "../shared/context";
import { objectLabels } from "../shared/labels";
import {
  anyAddress,
  dnsEgress,
  gatewayPods,
  podsIn,
  policyPort,
  prometheusPods,
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

/** Every port, because the gateway's pods listen on other ports than its Service. */
const everyPort: Port = { protocol: "TCP", port: 1, endPort: 65_535 };

/** Ports of gateways with node ports. */
const nodePorts: Port = { protocol: "TCP", port: 30_000, endPort: 32_767 };

/** Connections to the stack's own web UIs and repositories, and to servers outside the cluster. */
export function toServers(...ports: number[]): { to: Peer[]; ports: Port[] }[] {
  return [
    { to: [gatewayPods], ports: [everyPort] },
    { to: [anyAddress], ports: [...ports, nodePorts] },
  ];
}

/** Agents of every type. */
export const everyAgent: Peer = podsIn(agentsNamespace);

/** Agents that build images. */
export const imageAgents: Peer = {
  ...podsIn(agentsNamespace),
  podSelector: { matchLabels: { [agentLabel]: "image" } },
};

/** Lets release agents query the stack's Prometheus for the canary check. */
function releaseAgentsPolicy({ namespace, parent }: Part): void {
  const name = "jenkins-release-agents";
  new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name, namespace, labels: objectLabels(controllerName, "ci") },
      spec: {
        podSelector: { matchLabels: { [agentLabel]: "platform" } },
        policyTypes: ["Egress"],
        egress: [{ to: [prometheusPods], ports: [policyPort(prometheusServer.port)] }],
      },
    },
    { parent },
  );
}

/**
 * Restricts agents: they run developers' code, so they can reach little, and nothing can connect to them.
 * @param gitPort port of the platform's repository.
 */
export function agentsPolicy(part: Part, gitPort: number): void {
  const { context, namespace, parent } = part;
  releaseAgentsPolicy(part);
  const name = "jenkins-agents";
  const egress = [
    { to: [podsIn("ci", controllerName)], ports: [httpPort] },
    { to: [podsIn(builderNamespace)], ports: [builderPort] },
    // Git, package repositories, the API servers of other stacks, and gateways with node ports.
    ...toServers(...new Set([22, 80, 443, 6443, gitPort])),
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

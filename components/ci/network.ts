import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels, selectorLabels } from "../shared/labels";
import { agentLabel, agentsNamespace } from "./agents";
import { builderName, builderNamespace, builderPort } from "./builder";
import { controllerName, controllerSelector } from "./controller";
import { httpPort } from "./controller-container";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** The namespaces, once they exist. */
export interface Namespaces {
  controller: pulumi.Input<string>;
  agents: pulumi.Input<string>;
  builders: pulumi.Input<string>;
}

/** Addresses that cloud machines ask for their own credentials. */
const metadataServices = ["169.254.0.0/16"];

/** Where a node-local DNS cache listens on every node; kubespray and others turn it on by default. */
const nodeLocalDns = "169.254.20.10/32";

/**
 * Who may talk to whom: agents and builders run what developers write, so they reach little, and
 * nobody reaches agents.
 */
export function networkPolicies(namespaces: Namespaces, parent: pulumi.Resource): void {
  policy("jenkins", namespaces.controller, controllerPolicy, parent);
  policy("jenkins-agents", namespaces.agents, agentsPolicy, parent);
  policy("image-builders", namespaces.builders, buildersPolicy, parent);
}

const controllerPolicy: Spec = {
  podSelector: { matchLabels: controllerSelector },
  policyTypes: ["Ingress"],
  ingress: [{ ports: [tcp(httpPort)] }],
};

const agentsPolicy: Spec = {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  ingress: [],
  egress: [
    nameResolution(),
    { to: [namespaceNamed("ci", controllerSelector)], ports: [tcp(httpPort)] },
    { to: [namespaceNamed(builderNamespace)], ports: [tcp(builderPort)] },
    // The stack's own pages: registry, packages. Traefik's pods listen on ports of their own.
    { to: [namespaceNamed("gateway")] },
    // Git, packages, the API servers of other stacks, and gateways on node ports.
    outside(22, 80, 443, 6443),
  ],
};

/**
 * A daemon builds for anybody who reaches it, so only the agents that push images may. The commands
 * of a Dockerfile run with the daemon's own network: they get packages and base images, and neither
 * the API server nor a machine's own credentials.
 */
const buildersPolicy: Spec = {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  egress: [
    nameResolution(),
    { to: [namespaceNamed("gateway")] },
    outside(80, 443),
    // The daily clean-up.
    {
      to: [{ podSelector: { matchLabels: selectorLabels(builderName) } }],
      ports: [tcp(builderPort)],
    },
  ],
  ingress: [
    {
      from: [
        namespaceNamed(agentsNamespace, { [agentLabel]: "image" }),
        // The daily clean-up.
        { podSelector: {} },
      ],
      ports: [tcp(builderPort)],
    },
  ],
};

function policy(
  name: string,
  namespace: pulumi.Input<string>,
  spec: Spec,
  parent: pulumi.Resource,
): void {
  const labels = objectLabels(controllerName, "ci");
  new k8s.networking.v1.NetworkPolicy(
    name,
    { metadata: { name, namespace, labels }, spec },
    { parent },
  );
}

function nameResolution(): EgressRule {
  return {
    to: [namespaceNamed("kube-system"), { ipBlock: { cidr: nodeLocalDns } }],
    ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
  };
}

/** Servers outside of the cluster, and gateways on node ports. */
function outside(...ports: number[]): EgressRule {
  return {
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: metadataServices } }],
    ports: [...ports.map(tcp), { ...tcp(30_000), endPort: 32_767 }],
  };
}

function namespaceNamed(name: string, matchLabels?: Record<string, string>): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    ...(matchLabels === undefined ? {} : { podSelector: { matchLabels } }),
  };
}

function tcp(port: number): { protocol: string; port: number } {
  return { protocol: "TCP", port };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import { agentLabel, agentsNamespace } from "./agents";
import { builderName, builderNamespace, builderPort } from "./builder";
import { controllerName, controllerSelector } from "./controller";
import { httpPort } from "./controller-container";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** The namespaces, once they exist. */
export interface Namespaces {
  controller: pulumi.Input<string>;
  agents: pulumi.Input<string>;
  builders: pulumi.Input<string>;
}

/** Addresses that cloud machines ask for their own credentials. */
const metadataServices = ["169.254.0.0/16"];

/** Who may talk to whom: agents run what developers write, so they reach little and nobody them. */
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
    { to: [namespaceNamed("kube-system")], ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
    { to: [namespaceNamed("ci", controllerSelector)], ports: [tcp(httpPort)] },
    { to: [namespaceNamed(builderNamespace)], ports: [tcp(builderPort)] },
    // The stack's own pages: registry, packages. Traefik's pods listen on ports of their own.
    { to: [namespaceNamed("gateway")] },
    // Git, packages, the API servers of other stacks, and gateways on node ports.
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: metadataServices } }],
      ports: [tcp(22), tcp(80), tcp(443), tcp(6443), { ...tcp(30_000), endPort: 32_767 }],
    },
  ],
};

/** A daemon builds for whoever reaches it, so that only the agents that push images may. */
const buildersPolicy: Spec = {
  podSelector: { matchLabels: { "app.kubernetes.io/name": builderName } },
  policyTypes: ["Ingress"],
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

function namespaceNamed(name: string, matchLabels?: Record<string, string>): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    ...(matchLabels === undefined ? {} : { podSelector: { matchLabels } }),
  };
}

function tcp(port: number): { protocol: string; port: number } {
  return { protocol: "TCP", port };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { kindLabel } from "../app/annotations";
import { entryPointPorts } from "../gateway/traefik-arguments";
import { collectorPorts } from "../tracing/collector-config";
import type { PlatformContext } from "../shared/context";
import { addressesIn, dnsEgress, podsIn } from "../shared/network-policy";
import type { TeamScope } from "./scope";

/** Addresses outside the cluster that a team's apps can connect to. */
export interface Egress {
  /** Address range, for example `10.20.0.0/16`. */
  cidr: string;
  ports: number[];
  protocol: "TCP" | "UDP";
}

/** Connections that a team's network policies allow. */
export interface NetworkArgs {
  /** Addresses outside the cluster that the team's apps can connect to. */
  egress: Egress[];
  /** Names of the apps with a fixed port on every node. */
  nodePortApps: string[];
}

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

const tcp = (port: number | string): Port => ({ port, protocol: "TCP" });
const everyPod = {};
const sameNamespace = { podSelector: everyPod };

/** Every pod of a namespace, by the label that Kubernetes sets. */
function inNamespace(name: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** Nothing connects to workers; each has a policy of its own for its metrics. */
const exceptWorkers = {
  matchExpressions: [{ key: kindLabel, operator: "NotIn", values: ["worker"] }],
};

/** Connections to every pod of a team but workers: from its own namespace, the gateway, and Prometheus. */
const ingress: IngressRule[] = [
  { from: [sameNamespace] },
  // By name, because each app has a different port number.
  { from: [inNamespace("gateway")], ports: [tcp("http")] },
  // Any port, because sidecars have metrics too.
  { from: [inNamespace("monitoring")], ports: [{ protocol: "TCP" }] },
];

/** OTLP over gRPC and HTTP, to the agents of the nodes. */
const traces = [tcp(collectorPorts.grpc), tcp(collectorPorts.http)];

/** Connections of every pod of a team inside the cluster. Other teams' apps are reached through the gateway. */
const egressInside: EgressRule[] = [
  { to: [sameNamespace] },
  {
    to: [inNamespace("gateway")],
    ports: [tcp(entryPointPorts.web), tcp(entryPointPorts.websecure)],
  },
  { to: [podsIn("tracing", "otel-agent")], ports: traces },
];

/**
 * Declares the network policies of a team's namespace: every connection that is not allowed is denied. All rules of one
 * direction are in one policy: the first policy that selects a pod denies everything else, so separate policies would
 * disconnect running apps until all of them exist.
 */
export function networkPolicies(
  team: TeamScope,
  { egress, nodePortApps }: NetworkArgs,
  context: PlatformContext,
  parent: pulumi.Resource,
): void {
  const nodePorts = fixedPorts(team, nodePortApps, parent);
  const openings = [
    policy(
      team,
      "allow-ingress",
      { podSelector: exceptWorkers, policyTypes: ["Ingress"], ingress },
      { parent, dependsOn: nodePorts },
    ),
    policy(
      team,
      "allow-egress",
      {
        podSelector: everyPod,
        policyTypes: ["Egress"],
        egress: [dnsEgress(context), ...egressInside, ...egress.map(egressRule)],
      },
      { parent },
    ),
  ];
  // Remains in force if somebody deletes the other policies.
  policy(
    team,
    "default-deny",
    { podSelector: everyPod, policyTypes: ["Ingress", "Egress"] },
    { parent, dependsOn: [...nodePorts, ...openings] },
  );
}

function egressRule({ cidr, ports, protocol }: Egress): EgressRule {
  return { to: [addressesIn(cidr)], ports: ports.map((port) => ({ port, protocol })) };
}

/** Requests to a fixed port can come from any address: their source may be the node that received them. */
function fixedPorts(
  team: TeamScope,
  apps: string[],
  parent: pulumi.Resource,
): k8s.networking.v1.NetworkPolicy[] {
  if (apps.length === 0) return [];
  const named = { key: "app.kubernetes.io/name", operator: "In", values: apps };
  const spec = {
    podSelector: { matchExpressions: [named] },
    policyTypes: ["Ingress"],
    ingress: [{ ports: [tcp("http")] }],
  };
  return [policy(team, "allow-node-ports", spec, { parent })];
}

function policy(
  { id, namespace, labels }: TeamScope,
  name: string,
  spec: Spec,
  opts: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    `${id}-${name}`,
    { metadata: { name, namespace, labels }, spec },
    opts,
  );
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { entryPointPorts } from "../gateway/traefik-arguments";
import { collectorPorts } from "../tracing/collector-config";
import type { PlatformContext } from "../shared/context";
import { dnsEgress, podsIn } from "../shared/network-policy";
import type { TeamScope } from "./scope";

/** Addresses outside of the cluster that a team's apps may call. */
export interface Egress {
  /** Range of addresses, for example `10.20.0.0/16`. */
  cidr: string;
  ports: number[];
  protocol: "TCP" | "UDP";
}

/** What a team's network policies open. */
export interface NetworkArgs {
  egress: Egress[];
  /** Apps that are reached on a fixed port of every node. */
  nodePortApps: string[];
}

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;

const tcp = (port: number | string): Port => ({ port, protocol: "TCP" });
const everyPod = {};
const sameNamespace = { podSelector: everyPod };

/** Every pod of a namespace, by the label that Kubernetes itself gives it. */
function inNamespace(name: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

/** What may reach every pod of a team: its neighbours, the gateway, and Prometheus. */
const ingress: IngressRule[] = [
  { from: [sameNamespace] },
  // By the port's name, as each app has a number of its own.
  { from: [inNamespace("gateway")], ports: [tcp("http")] },
  // Any port, as sidecars have metrics too.
  { from: [inNamespace("monitoring")], ports: [{ protocol: "TCP" }] },
];

/** OTLP, by gRPC and by HTTP, as the agents of the machines take it. */
const traces = [tcp(collectorPorts.grpc), tcp(collectorPorts.http)];

/** What every pod of a team may reach inside the cluster; other teams' apps through the gateway. */
const egressInside: EgressRule[] = [
  { to: [sameNamespace] },
  {
    to: [inNamespace("gateway")],
    ports: [tcp(entryPointPorts.web), tcp(entryPointPorts.websecure)],
  },
  { to: [podsIn("tracing", "otel-agent")], ports: traces },
];

/**
 * The network policies of a team's namespace: nothing goes in or out but what is opened. All
 * openings of one direction are one policy, as the first policy that selects a pod closes it to
 * everything else; policies that came one after the other would cut off running apps meanwhile.
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
      { podSelector: everyPod, policyTypes: ["Ingress"], ingress },
      { parent, dependsOn: nodePorts },
    ),
    policy(
      team,
      "allow-egress",
      {
        podSelector: everyPod,
        policyTypes: ["Egress"],
        egress: [dnsEgress(context), ...egressInside, ...egress.map(outside)],
      },
      { parent },
    ),
  ];
  // Stays in force when somebody takes an opening away.
  policy(
    team,
    "default-deny",
    { podSelector: everyPod, policyTypes: ["Ingress", "Egress"] },
    { parent, dependsOn: [...nodePorts, ...openings] },
  );
}

function outside({ cidr, ports, protocol }: Egress): EgressRule {
  return { to: [{ ipBlock: { cidr } }], ports: ports.map((port) => ({ port, protocol })) };
}

/** Requests to a fixed port come from anywhere: the node that took them in may stand as their source. */
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

import { selects } from "../../config/label-selector";
import { at, type Declared } from "./declare";

interface Peer {
  podSelector?: object;
  namespaceSelector?: { matchLabels: Record<string, string> };
  ipBlock?: { cidr: string };
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port?: number | string; protocol: string }[];
}

interface Policy {
  podSelector: object;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** The other end of a connection: a namespace, or an address outside the cluster. */
export type End = { namespace: string } | { cidr: string };

/** A connection of a pod in `namespace` that belongs to `app`. */
export interface Connection {
  namespace: string;
  app: string;
  /** Whether the app is a worker. */
  worker?: boolean;
  direction: "ingress" | "egress";
  other: End;
  port: number | string;
  protocol?: string;
}

/** Whether the declared policies allow a connection, combined as in Kubernetes. */
export function allowed(declared: Declared, connection: Connection): boolean {
  const { namespace, direction } = connection;
  const type = direction === "ingress" ? "Ingress" : "Egress";
  const policies = declared.objects
    .filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === namespace)
    .map((object) => at(object, "spec") as Policy)
    .filter((policy) => concerns(policy, connection))
    .filter(({ policyTypes }) => policyTypes.includes(type));
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    (policy[direction] ?? []).some((rule) => opens(rule, connection)),
  );
}

function concerns({ podSelector }: Policy, { app, worker }: Connection): boolean {
  const labels: Record<string, string> = {
    "app.kubernetes.io/name": app,
    ...(worker === true && { "platform/kind": "worker" }),
  };
  return selects(podSelector, labels);
}

function opens(rule: Rule, { namespace, other, port, protocol = "TCP" }: Connection): boolean {
  const peers = rule.from ?? rule.to;
  const portOpen =
    rule.ports === undefined ||
    rule.ports.some((open) => open.protocol === protocol && (open.port ?? port) === port);
  return portOpen && (peers === undefined || peers.some((peer) => isPeer(peer, namespace, other)));
}

function isPeer({ namespaceSelector, ipBlock }: Peer, own: string, other: End): boolean {
  if ("cidr" in other) return ipBlock?.cidr === other.cidr;
  if (ipBlock !== undefined) return false;
  const wanted = namespaceSelector?.matchLabels["kubernetes.io/metadata.name"] ?? own;
  return wanted === other.namespace;
}

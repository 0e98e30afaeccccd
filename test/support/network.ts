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
  podSelector: { matchExpressions?: { key: string; values: string[] }[] };
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** The other end of a connection: a namespace, or an address outside of the cluster. */
export type End = { namespace: string } | { cidr: string };

/** A connection of a pod of `namespace` that belongs to `app`. */
export interface Connection {
  namespace: string;
  app: string;
  direction: "ingress" | "egress";
  other: End;
  port: number | string;
  protocol?: string;
}

/** Whether the declared policies let a connection through, as Kubernetes says how they add up. */
export function allowed(declared: Declared, connection: Connection): boolean {
  const { namespace, app, direction } = connection;
  const type = direction === "ingress" ? "Ingress" : "Egress";
  const policies = declared.objects
    .filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === namespace)
    .map((object) => at(object, "spec") as Policy)
    .filter(({ podSelector }) => selects(podSelector, app))
    .filter(({ policyTypes }) => policyTypes.includes(type));
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    (policy[direction] ?? []).some((rule) => opens(rule, connection)),
  );
}

function selects({ matchExpressions = [] }: Policy["podSelector"], app: string): boolean {
  return matchExpressions.every(
    ({ key, values }) => key === "app.kubernetes.io/name" && values.includes(app),
  );
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

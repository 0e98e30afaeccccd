import type { Rule } from "../shared/service-account";

/** Roles of a team, from the fewest rights to the most. */
export const teamRoles = ["view", "release", "admin"] as const;

/** One of {@link teamRoles}. */
export type TeamRole = (typeof teamRoles)[number];

const gatewayApi = "gateway.networking.k8s.io";
const read = ["get", "list", "watch"];
const change = ["patch", "update"];
const own = ["create", "delete", "deletecollection", ...change];

function rule(apiGroup: string, resources: string[], verbs: string[]): Rule {
  return { apiGroups: [apiGroup], resources, verbs };
}

/** Everything in the namespace except Secrets and logs, which contain users' data. */
const view: Rule[] = [
  rule(
    "",
    [
      "configmaps",
      "endpoints",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "resourcequotas",
      "serviceaccounts",
      "services",
    ],
    read,
  ),
  rule("apps", ["daemonsets", "deployments", "replicasets", "statefulsets"], read),
  rule("autoscaling", ["horizontalpodautoscalers"], read),
  rule("batch", ["cronjobs", "jobs"], read),
  rule("discovery.k8s.io", ["endpointslices"], read),
  rule("events.k8s.io", ["events"], read),
  rule("networking.k8s.io", ["networkpolicies"], read),
  rule("policy", ["poddisruptionbudgets"], read),
  rule("rbac.authorization.k8s.io", ["rolebindings", "roles"], read),
  rule(gatewayApi, ["httproutes"], read),
  rule("keda.sh", ["scaledobjects"], read),
  rule("metrics.k8s.io", ["pods"], ["get", "list"]),
];

/**
 * The pods of a release and their number. Note that the right to change a pod's template includes reading everything
 * that the pod mounts, Secrets included.
 *
 * No role may write Services, routes or other objects that decide where requests go; only the program does. The gateway
 * serves routes of every team, so a route with another team's host and a longer path would get its requests, and a
 * Service with `externalIPs` gets the connections to these addresses from all nodes (CVE-2020-8554).
 */
const release: Rule[] = [
  rule("", ["pods/log"], ["get"]),
  rule("apps", ["deployments"], change),
  rule("apps", ["deployments/scale"], ["get", ...change]),
  rule("autoscaling", ["horizontalpodautoscalers"], change),
];

/** The rest of a team's own objects, without its quota, limits, network policies, roles, Services and routes. */
const admin: Rule[] = [
  rule("", ["secrets"], [...read, ...own]),
  rule("", ["configmaps", "persistentvolumeclaims", "pods", "serviceaccounts"], own),
  rule("", ["pods/attach", "pods/eviction", "pods/exec", "pods/portforward"], ["create"]),
  // kubectl also opens these with GET, over a WebSocket.
  rule("", ["pods/attach", "pods/exec", "pods/portforward"], ["get"]),
  rule("apps", ["deployments", "replicasets", "statefulsets"], own),
  rule("apps", ["statefulsets/scale"], ["get", ...change]),
  rule("autoscaling", ["horizontalpodautoscalers"], own),
  rule("batch", ["cronjobs", "jobs"], own),
  rule("policy", ["poddisruptionbudgets"], own),
];

/** Additional rights of each role; each role includes the rights of those before it. No rule has a wildcard. */
export const roleRules: Record<TeamRole, Rule[]> = {
  view,
  release: [...view, ...release],
  admin: [...view, ...release, ...admin],
};

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** One rule of a role. */
export type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Arguments of {@link serviceAccount}. */
export interface ServiceAccountArgs {
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
  /** What the account may do in the whole cluster. */
  clusterRules?: Rule[];
  /** What it may do in its own namespace. */
  rules?: Rule[];
  /** Cluster roles that exist already, by name, for example `system:auth-delegator`. */
  clusterRoles?: string[];
}

const apiGroup = "rbac.authorization.k8s.io";

/**
 * A service account with the rights that its pods need.
 * @param name name of the account and its roles; cluster roles share one namespace, so it says what it is of.
 * @returns name of the account, once its rights are in place.
 */
export function serviceAccount(
  name: string,
  { namespace, labels, clusterRules, rules, clusterRoles = [] }: ServiceAccountArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const metadata = { name, namespace, labels };
  const account = new k8s.core.v1.ServiceAccount(name, { metadata }, { parent });
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  if (clusterRules !== undefined) {
    const role = new k8s.rbac.v1.ClusterRole(
      name,
      { metadata: { name, labels }, rules: clusterRules },
      { parent },
    );
    bindClusterRole(name, { labels, role: role.metadata.name, subjects }, parent);
  }
  for (const role of clusterRoles) {
    bindClusterRole(`${name}-${role.replaceAll(":", "-")}`, { labels, role, subjects }, parent);
  }
  if (rules !== undefined) {
    const role = new k8s.rbac.v1.Role(name, { metadata, rules }, { parent });
    new k8s.rbac.v1.RoleBinding(
      name,
      { metadata, roleRef: { apiGroup, kind: "Role", name: role.metadata.name }, subjects },
      { parent },
    );
  }
  return account.metadata.name;
}

/** Lets an account read the settings by which the API server says who calls an extension of it. */
export function extensionServerReader(
  name: string,
  {
    account,
    namespace,
    labels,
  }: {
    account: pulumi.Input<string>;
    namespace: pulumi.Input<string>;
    labels: Record<string, string>;
  },
  parent: pulumi.Resource,
): void {
  new k8s.rbac.v1.RoleBinding(
    `${name}-auth-reader`,
    {
      metadata: { name: `${name}-auth-reader`, namespace: "kube-system", labels },
      roleRef: { apiGroup, kind: "Role", name: "extension-apiserver-authentication-reader" },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
    { parent },
  );
}

function bindClusterRole(
  name: string,
  {
    labels,
    role,
    subjects,
  }: {
    labels: Record<string, string>;
    role: pulumi.Input<string>;
    subjects: k8s.types.input.rbac.v1.Subject[];
  },
  parent: pulumi.Resource,
): void {
  new k8s.rbac.v1.ClusterRoleBinding(
    name,
    {
      metadata: { name, labels },
      roleRef: { apiGroup, kind: "ClusterRole", name: role },
      subjects,
    },
    { parent },
  );
}

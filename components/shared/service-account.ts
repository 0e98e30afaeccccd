import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** One rule of a role. */
export type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Arguments of {@link serviceAccount}. */
export interface ServiceAccountArgs {
  /** Namespace of the account. */
  namespace: pulumi.Input<string>;
  /** Labels of the account and its roles. */
  labels: Record<string, string>;
  /** Rights of the account in the whole cluster. Default: none. */
  clusterRules?: Rule[];
  /** Rights in its own namespace. Default: none. */
  rules?: Rule[];
  /** Names of existing cluster roles, for example `system:auth-delegator`. Default: none. */
  clusterRoles?: string[];
}

const apiGroup = "rbac.authorization.k8s.io";

/** A service account, and the objects that grant its rights. */
export interface Account {
  name: pulumi.Output<string>;
  /** The bindings; each depends on its role. */
  rights: pulumi.CustomResource[];
}

/**
 * Declares a service account with the rights that its pods need.
 * @param name name of the account and its roles. Cluster roles share one namespace, so the name says what they belong
 * to.
 * @returns name of the account.
 */
export function serviceAccount(
  name: string,
  args: ServiceAccountArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return accountWithRights(name, args, parent).name;
}

/** The same, with the rights, for resources that must be deleted before them. */
export function accountWithRights(
  name: string,
  { namespace, labels, clusterRules, rules, clusterRoles = [] }: ServiceAccountArgs,
  parent: pulumi.Resource,
): Account {
  const rights: pulumi.CustomResource[] = [];
  const metadata = { name, namespace, labels };
  const account = new k8s.core.v1.ServiceAccount(name, { metadata }, { parent });
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  if (clusterRules !== undefined) {
    const role = new k8s.rbac.v1.ClusterRole(
      name,
      { metadata: { name, labels }, rules: clusterRules },
      { parent },
    );
    rights.push(bindClusterRole(name, { labels, role: role.metadata.name, subjects }, parent));
  }
  for (const role of clusterRoles) {
    const bound = `${name}-${role.replaceAll(":", "-")}`;
    rights.push(bindClusterRole(bound, { labels, role, subjects }, parent));
  }
  if (rules !== undefined) {
    const role = new k8s.rbac.v1.Role(name, { metadata, rules }, { parent });
    const binding = new k8s.rbac.v1.RoleBinding(
      name,
      { metadata, roleRef: { apiGroup, kind: "Role", name: role.metadata.name }, subjects },
      { parent },
    );
    rights.push(binding);
  }
  return { name: account.metadata.name, rights };
}

/** Lets an account read the settings with which an API extension authenticates the API server. */
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
): pulumi.CustomResource {
  return new k8s.rbac.v1.ClusterRoleBinding(
    name,
    {
      metadata: { name, labels },
      roleRef: { apiGroup, kind: "ClusterRole", name: role },
      subjects,
    },
    { parent },
  );
}

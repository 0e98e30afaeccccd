import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "./context";
import { objectLabels } from "./labels";

/** One rule of a role. */
export type Rule = k8s.types.input.rbac.v1.PolicyRule;

/** Arguments of {@link serviceAccount}. */
export interface ServiceAccountArgs {
  /** Rights of the account in the whole cluster. Default: none. */
  clusterRules?: Rule[];
  /** Rights in its own namespace. Default: none. */
  rules?: Rule[];
  /** Names of existing cluster roles, for example `system:auth-delegator`. Default: none. */
  clusterRoles?: string[];
  /** Whether its pods extend the API server, and read the settings with which they authenticate it. Default: false. */
  extendsApi?: boolean;
  /** Workload that it belongs to, its label `app.kubernetes.io/name`. Default: the name of the account. */
  workload?: string;
}

const apiGroup = "rbac.authorization.k8s.io";

/** An object that grants an account the rights of a role, on which it depends. */
export type Binding = k8s.rbac.v1.RoleBinding | k8s.rbac.v1.ClusterRoleBinding;

/**
 * Declares a service account with the rights that its pods need.
 * @param name name of the account and its roles. Cluster roles share one namespace, so the name says what they belong
 * to.
 * @returns name of the account, for pods: available when all its rights exist, so that no pod starts without them.
 */
export function serviceAccount(
  { name: partOf, namespace, parent }: Owner,
  name: string,
  args: ServiceAccountArgs = {},
): pulumi.Output<string> {
  const { clusterRules, rules, clusterRoles = [], extendsApi, workload = name } = args;
  const labels = objectLabels(workload, partOf);
  const rights: Binding[] = [];
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
  if (extendsApi === true) rights.push(extensionServerReader(name, { labels, subjects }, parent));
  return afterRights(account.metadata.name, rights);
}

/** Returns an account's name, which resolves after its bindings exist, so that its pods start with all rights. */
export function afterRights(
  account: pulumi.Input<string>,
  rights: readonly Binding[],
): pulumi.Output<string> {
  // Names, unlike IDs, are known in a preview that creates the bindings.
  const names = pulumi.all(rights.map(({ metadata }) => metadata.name));
  return pulumi.all([account, names]).apply(([name]) => name);
}

type Subjects = k8s.types.input.rbac.v1.Subject[];

/** Binds the role that permits reading the settings with which an API extension authenticates the API server. */
function extensionServerReader(
  name: string,
  { labels, subjects }: { labels: Record<string, string>; subjects: Subjects },
  parent: pulumi.Resource,
): Binding {
  return new k8s.rbac.v1.RoleBinding(
    `${name}-auth-reader`,
    {
      metadata: { name: `${name}-auth-reader`, namespace: "kube-system", labels },
      roleRef: { apiGroup, kind: "Role", name: "extension-apiserver-authentication-reader" },
      subjects,
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
    subjects: Subjects;
  },
  parent: pulumi.Resource,
): Binding {
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

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { objectLabels } from "../shared/labels";
import { resourceQuota, type Quota } from "../shared/quota";
import { serviceAccount } from "../shared/service-account";
import { agentsAccount } from "./agents";

const name = "jenkins-agents";
const labels = objectLabels(name, "ci");

/** What the plugin for Kubernetes does with agents, and no more. */
const rules = [
  { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
];

/**
 * What the namespace of the agents holds before any of them: their account, a limit for all of
 * them, and the controller's right to make them. The quota refuses a pod that says no requests.
 */
export function agentsSetup(
  {
    namespace,
    quota,
    controller,
  }: {
    namespace: pulumi.Input<string>;
    /** What all agents together may use. */
    quota: Quota;
    /** Service account of the controller, in its own namespace. */
    controller: { account: pulumi.Input<string>; namespace: pulumi.Input<string> };
  },
  parent: pulumi.Resource,
): void {
  const metadata = { name, namespace, labels };
  serviceAccount(agentsAccount, { namespace, labels }, parent);
  resourceQuota(name, metadata, quota, parent);
  const role = new k8s.rbac.v1.Role(name, { metadata, rules }, { parent });
  new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [
        { kind: "ServiceAccount", name: controller.account, namespace: controller.namespace },
      ],
    },
    { parent },
  );
}

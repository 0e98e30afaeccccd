import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { resourceQuota, type Quota } from "../shared/quota";
import { serviceAccount, type Binding } from "../shared/service-account";
import { metadataOf } from "../shared/workload";
import { agentsAccount } from "./agents";

const name = "jenkins-agents";

/** Exactly what the Kubernetes plugin does with agents. */
const rules = [
  { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list", "watch"] },
  { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "list", "watch"] },
];

/**
 * Declares the contents of the agents' namespace: their service account, a quota for all of them, and the controller's
 * right to create them, which is returned. The quota rejects a pod without requests.
 */
export function agentsSetup(
  part: Part,
  {
    quota,
    controller,
  }: {
    /** Sum of the resources of all agents. */
    quota: Quota;
    /** Service account of the controller, and its namespace. */
    controller: { account: pulumi.Input<string>; namespace: pulumi.Input<string> };
  },
): Binding {
  const { parent } = part;
  const metadata = metadataOf(part, name);
  serviceAccount(part, agentsAccount, { workload: name });
  resourceQuota(name, metadata, quota, parent);
  const role = new k8s.rbac.v1.Role(name, { metadata, rules }, { parent });
  return new k8s.rbac.v1.RoleBinding(
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

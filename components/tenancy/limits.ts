import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { usualStorage } from "../../config";
import { priorityClasses } from "../shared/placement";
import { resourceQuota, type Quota } from "../shared/quota";
import type { TeamScope } from "./scope";

/** Priority classes that a team's pods may not name. */
const foreignClasses = [
  priorityClasses.platform,
  "system-cluster-critical",
  "system-node-critical",
];

/** The team's quota, the defaults of its containers, and what its pods may not call themselves. */
export function limits(team: TeamScope, quota: Quota, parent: pulumi.Resource): void {
  const { id, namespace, labels } = team;
  resourceQuota(id, { name: "team", namespace, labels }, quota, parent);
  containerDefaults(team, parent);
  priorityLimit(team, parent);
}

/** What a container gets that says nothing, so that the quota never refuses it for silence. */
function containerDefaults({ id, namespace, labels }: TeamScope, parent: pulumi.Resource): void {
  new k8s.core.v1.LimitRange(
    id,
    {
      metadata: { name: "container-defaults", namespace, labels },
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": usualStorage },
            default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Gi" },
          },
        ],
      },
    },
    { parent },
  );
}

/** No pod of a team may name the platform's priority: it would drive the platform off its machines. */
function priorityLimit({ id, namespace, labels }: TeamScope, parent: pulumi.Resource): void {
  const scope = { scopeName: "PriorityClass", operator: "In", values: foreignClasses };
  new k8s.core.v1.ResourceQuota(
    `${id}-priority`,
    {
      metadata: { name: "no-platform-priority", namespace, labels },
      spec: { hard: { pods: "0" }, scopeSelector: { matchExpressions: [scope] } },
    },
    { parent },
  );
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { defaultStorageRequest } from "../../config";
import { priorityClasses } from "../shared/placement";
import { resourceQuota, type Quota } from "../shared/quota";
import type { TeamScope } from "./scope";

/** Priority classes that a team's pods cannot use. */
const reservedClasses = [
  priorityClasses.platform,
  "system-cluster-critical",
  "system-node-critical",
];

/**
 * Declares the team's quota, the default resources of its containers, and the priority classes that its pods cannot
 * use.
 */
export function declareLimits(team: TeamScope, quota: Quota, parent: pulumi.Resource): void {
  const { id, namespace, labels } = team;
  resourceQuota(id, { name: "team", namespace, labels }, quota, parent);
  containerDefaults(team, parent);
  priorityLimit(team, parent);
}

/** Default resources of a container, so that the quota never rejects a container without any. */
function containerDefaults({ id, namespace, labels }: TeamScope, parent: pulumi.Resource): void {
  new k8s.core.v1.LimitRange(
    id,
    {
      metadata: { name: "container-defaults", namespace, labels },
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: {
              cpu: "100m",
              memory: "128Mi",
              "ephemeral-storage": defaultStorageRequest,
            },
            default: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Gi" },
          },
        ],
      },
    },
    { parent },
  );
}

/** No pod of a team can have the platform's priority, because it would preempt the platform's pods. */
function priorityLimit({ id, namespace, labels }: TeamScope, parent: pulumi.Resource): void {
  const scope = { scopeName: "PriorityClass", operator: "In", values: reservedClasses };
  new k8s.core.v1.ResourceQuota(
    `${id}-priority`,
    {
      metadata: { name: "no-platform-priority", namespace, labels },
      spec: { hard: { pods: "0" }, scopeSelector: { matchExpressions: [scope] } },
    },
    { parent },
  );
}

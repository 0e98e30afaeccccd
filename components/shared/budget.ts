import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Declares a PodDisruptionBudget: a drain evicts only one pod of the workload at a time. */
export function disruptionBudget(
  name: string,
  metadata: { namespace: pulumi.Input<string>; labels: Record<string, string> },
  matchLabels: Record<string, string>,
  parent: pulumi.Resource,
): void {
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    { metadata: { name, ...metadata }, spec: { maxUnavailable: 1, selector: { matchLabels } } },
    { parent },
  );
}

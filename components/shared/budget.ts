import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link disruptionBudget}. */
export interface BudgetArgs {
  /** Namespace of the pods. */
  namespace: pulumi.Input<string>;
  /** Labels of the budget itself. */
  labels: Record<string, string>;
  /** Labels of the pods. */
  matchLabels: Record<string, string>;
  /** Pods that may be evicted at the same time: a number, or a percentage such as `25%`. Default: 1. */
  maxUnavailable?: number | string;
  /**
   * Whether the pods replicate data among each other. Default: no, and pods that are not ready can always be evicted:
   * otherwise, a workload that does not work would block the draining of its nodes. A pod that replicates data and is not
   * ready may hold the last copy of some of it, or may be about to finish its recovery, so the budget protects it as well.
   */
  replicatesData?: boolean;
}

/** Declares a PodDisruptionBudget: by default, a drain evicts only one pod of the workload at a time. */
export function disruptionBudget(name: string, args: BudgetArgs, parent: pulumi.Resource): void {
  const { namespace, labels, matchLabels, maxUnavailable = 1, replicatesData = false } = args;
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        maxUnavailable,
        ...(replicatesData ? {} : { unhealthyPodEvictionPolicy: "AlwaysAllow" }),
        selector: { matchLabels },
      },
    },
    { parent },
  );
}

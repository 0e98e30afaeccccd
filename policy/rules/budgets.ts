import { selects } from "../../config/label-selector";
import { at, type KubernetesObject } from "../../render/objects";
import type { Workload } from "../workloads";

/** Whether a PodDisruptionBudget selects the pods of a workload by their labels. */
export function guards(
  budget: KubernetesObject,
  { object, labels }: Pick<Workload, "object" | "labels">,
): boolean {
  return (
    budget.metadata.namespace === object.metadata.namespace &&
    selects(at(budget, "spec.selector"), labels)
  );
}

import { at, type KubernetesObject } from "../../render/objects";
import type { Workload } from "../workloads";

/** Whether a PodDisruptionBudget selects the pods of a workload by their labels. */
export function guards(
  budget: KubernetesObject,
  { object, labels }: Pick<Workload, "object" | "labels">,
): boolean {
  const selector = at(budget, "spec.selector.matchLabels") as Record<string, string> | undefined;
  return (
    budget.metadata.namespace === object.metadata.namespace &&
    selector !== undefined &&
    matches(selector, labels)
  );
}

/** Whether labels have every value that a selector asks for. */
export function matches(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

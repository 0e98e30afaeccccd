import { hasAll } from "../../config/label-selector";
import { at, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";
import { isScaled, workloads, type Workload } from "../workloads";
import { guards } from "./budgets";

/** Rules that keep a workload available while nodes come and go. */
export const availabilityRules: ObjectRule[] = [
  {
    id: "selector",
    title: "A workload selects its own pods",
    level: "mandatory",
    check: (objects) =>
      workloads(objects).flatMap(({ title, object, labels }): Finding[] => {
        const path =
          object.kind === "ReplicationController" ? "spec.selector" : "spec.selector.matchLabels";
        const selector = at(object, path);
        if (selector === undefined || hasAll(labels, selector as Record<string, string>)) {
          return [];
        }
        const message = `${path}: expected labels of its own pods, got ${JSON.stringify(selector)}`;
        return [{ object: title, message }];
      }),
  },
  {
    id: "disruptionBudget",
    title: "A workload that can have several pods has a disruption budget",
    level: "mandatory",
    check(objects) {
      const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
      return multiPodWorkloads(objects)
        .filter((workload) => !budgets.some((budget) => guards(budget, workload)))
        .map(
          finding(
            "expected a PodDisruptionBudget that selects its pods, got none: a drain can evict all of them at once; add one",
          ),
        );
    },
  },
  {
    id: "spread",
    title: "A workload that can have several pods is spread over nodes",
    level: "advisory",
    check: (objects) =>
      multiPodWorkloads(objects)
        .filter(({ pod }) => pod.affinity?.podAntiAffinity === undefined)
        .map(
          finding(
            "affinity.podAntiAffinity: expected a rule that spreads its pods over nodes, got none: all of them can be lost with one node",
          ),
        ),
  },
];

/** Returns workloads that may have more than one pod. Without a number of replicas, an autoscaler decides. */
function multiPodWorkloads(objects: KubernetesObject[]): Workload[] {
  return workloads(objects).filter(
    ({ object }) => isScaled(object) && at(object, "spec.replicas") !== 1,
  );
}

function finding(message: string): (workload: Workload) => Finding {
  return ({ title }) => ({ object: title, message });
}

import { at, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";
import { workloads, type Workload } from "../workloads";
import { guards, matches } from "./budgets";

/** Rules that keep a workload available while nodes come and go. */
export const availabilityRules: ObjectRule[] = [
  {
    id: "selector",
    title: "A workload selects its own pods",
    level: "mandatory",
    check: (objects) =>
      workloads(objects)
        .filter(({ object, labels }) => {
          const selector = at(object, "spec.selector.matchLabels");
          return selector !== undefined && !matches(selector as Record<string, string>, labels);
        })
        .map(finding("its selector does not match the labels of its own pods")),
  },
  {
    id: "disruptionBudget",
    title: "A workload that can have several pods has a disruption budget",
    level: "mandatory",
    check(objects) {
      const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
      return several(objects)
        .filter((workload) => !budgets.some((budget) => guards(budget, workload)))
        .map(
          finding(
            "no PodDisruptionBudget selects its pods, so maintenance can take all of them at the same time",
          ),
        );
    },
  },
  {
    id: "spread",
    title: "A workload that can have several pods is spread over nodes",
    level: "advisory",
    check: (objects) =>
      several(objects)
        .filter(({ pod }) => pod.affinity?.podAntiAffinity === undefined)
        .map(finding("it has no podAntiAffinity, so all of its pods can be lost with one node")),
  },
];

/** Returns workloads that may have more than one pod. Without a number of replicas, an autoscaler decides. */
function several(objects: KubernetesObject[]): Workload[] {
  return workloads(objects).filter(
    ({ object }) =>
      ["Deployment", "StatefulSet"].includes(object.kind) && at(object, "spec.replicas") !== 1,
  );
}

function finding(message: string): (workload: Workload) => Finding {
  return ({ title }) => ({ object: title, message });
}

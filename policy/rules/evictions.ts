import { at, titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";
import { isScaled, workloads } from "../workloads";
import { guards } from "./budgets";

/** Rules about the eviction of pods from a node. */
export const evictionRules: ObjectRule[] = [
  {
    id: "evictable",
    title: "A disruption budget lets at least one pod be evicted",
    level: "advisory",
    check: (objects) =>
      objects
        .filter(({ kind }) => kind === "PodDisruptionBudget")
        .flatMap((budget) => blockedEvictions(budget, objects)),
  },
];

/** Returns a finding if a budget forbids every eviction: an update of the nodes would wait for its pods indefinitely. */
function blockedEvictions(budget: KubernetesObject, objects: KubernetesObject[]): Finding[] {
  const [minAvailable, maxUnavailable] = [
    at(budget, "spec.minAvailable"),
    at(budget, "spec.maxUnavailable"),
  ] as (number | string | undefined)[];
  const finding = (got: string): Finding[] => [
    {
      object: titleOf(budget),
      message: `expected a budget that lets a pod be evicted, got ${got}; no node with such a pod can be drained`,
    },
  ];
  if (maxUnavailable !== undefined) {
    return Number.parseInt(String(maxUnavailable)) === 0
      ? finding(`maxUnavailable: ${maxUnavailable}`)
      : [];
  }
  if (minAvailable === "100%") return finding("minAvailable: 100%");
  const pods = guardedPods(budget, objects);
  if (minAvailable === undefined || pods === undefined || pods === 0) return [];
  if (availableOf(minAvailable, pods) < pods) return [];
  return finding(`minAvailable: ${minAvailable} for ${pods} ${pods === 1 ? "pod" : "pods"}`);
}

/** Returns how many of a number of pods must be available. Kubernetes rounds a percentage up. */
function availableOf(minAvailable: number | string, pods: number): number {
  if (typeof minAvailable === "number") return minAvailable;
  return Math.ceil((Number.parseInt(minAvailable) * pods) / 100);
}

/** Returns the fewest pods of the workloads that a budget selects; undefined if it selects none. */
function guardedPods(budget: KubernetesObject, objects: KubernetesObject[]): number | undefined {
  const guarded = workloads(objects).filter(
    (workload) =>
      (isScaled(workload.object) || workload.object.kind === "Pod") && guards(budget, workload),
  );
  if (guarded.length === 0) return undefined;
  return guarded.reduce((sum, { object }) => sum + minimumPods(object, objects), 0);
}

/** Returns the fewest pods of a workload: the minimum of its autoscaler, or its own number. */
function minimumPods(workload: KubernetesObject, objects: KubernetesObject[]): number {
  const scaler = objects.find(
    (object) =>
      ["HorizontalPodAutoscaler", "ScaledObject"].includes(object.kind) &&
      object.metadata.namespace === workload.metadata.namespace &&
      at(object, "spec.scaleTargetRef.name") === workload.metadata.name &&
      (at(object, "spec.scaleTargetRef.kind") ?? "Deployment") === workload.kind,
  );
  const number = (value: unknown) => (typeof value === "number" ? value : 1);
  if (scaler === undefined) return number(at(workload, "spec.replicas"));
  const least = at(scaler, "spec.minReplicas") ?? at(scaler, "spec.minReplicaCount");
  // KEDA may take away all pods, and the first one that comes back must be evictable, too.
  return Math.max(1, number(least));
}

import { selects } from "../../config/label-selector";
import { at, titleOf, type KubernetesObject } from "../../render/objects";
import type { ObjectRule } from "../rule";
import { workloads, type Workload } from "../workloads";

const directions = ["Ingress", "Egress"] as const;

/** Rules about the connections of pods. */
export const networkRules: ObjectRule[] = [
  {
    id: "networkPolicy",
    title: "Every pod is closed to connections that no NetworkPolicy lists",
    level: "mandatory",
    check(objects, { platformStack }) {
      // The stack that declares a team's namespace also restricts it, and is itself checked by this rule.
      if (platformStack !== undefined) return [];
      const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
      return workloads(objects)
        .filter(({ pod }) => pod.hostNetwork !== true)
        .flatMap((workload) =>
          directions
            .filter((direction) => !policies.some((policy) => closes(policy, direction, workload)))
            .map((direction) => ({
              object: workload.title,
              message: `${direction.toLowerCase()}: expected a NetworkPolicy that selects its pods, got none`,
            })),
        );
    },
  },
  {
    id: "headlessService",
    title: "The Service that names a StatefulSet's pods is headless",
    level: "mandatory",
    check: (objects) =>
      objects
        .filter(({ kind }) => kind === "StatefulSet")
        .filter((set) => at(serviceOf(set, objects) ?? {}, "spec.clusterIP") !== "None")
        .map((set) => ({
          object: titleOf(set),
          message: `spec.serviceName: expected a headless Service of its namespace, got ${JSON.stringify(at(set, "spec.serviceName"))}`,
        })),
  },
];

function closes(
  { metadata, spec }: KubernetesObject,
  direction: (typeof directions)[number],
  { object, labels }: Workload,
): boolean {
  const { policyTypes, podSelector } = spec as {
    policyTypes?: string[];
    podSelector: object;
  };
  return (
    metadata.namespace === object.metadata.namespace &&
    (policyTypes ?? ["Ingress"]).includes(direction) &&
    selects(podSelector, labels)
  );
}

function serviceOf(
  { metadata, spec }: KubernetesObject,
  objects: KubernetesObject[],
): KubernetesObject | undefined {
  const { serviceName } = spec as { serviceName: string };
  return objects.find(
    ({ kind, metadata: service }) =>
      kind === "Service" &&
      service.namespace === metadata.namespace &&
      service.name === serviceName,
  );
}

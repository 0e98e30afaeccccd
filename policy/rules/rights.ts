import { at, titleOf, type KubernetesObject } from "../../render/objects";
import type { Finding, ObjectRule } from "../rule";
import { workloads } from "../workloads";

interface RoleRule {
  apiGroups?: string[];
  resources?: string[];
  verbs?: string[];
  nonResourceURLs?: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** Rules about the rights of pods and users in the cluster. */
export const rightsRules: ObjectRule[] = [
  {
    id: "clusterRoleWildcards",
    title: "No ClusterRole grants everything, nor is Kubernetes' own cluster-admin bound",
    level: "mandatory",
    check: (objects) => [...objects.flatMap(wildcards), ...objects.flatMap(clusterAdmin)],
  },
  {
    id: "serviceAccountToken",
    title: "Pods have a service account's token only where a role is bound to it",
    level: "mandatory",
    check(objects) {
      const bound = new Set(
        objects
          .filter(isBinding)
          .flatMap((binding) => (at(binding, "subjects") ?? []) as Subject[])
          .map(({ name, namespace }) => `${namespace ?? ""}/${name}`),
      );
      return workloads(objects)
        .filter(({ object, pod }) => {
          const account = `${object.metadata.namespace ?? ""}/${pod.serviceAccountName ?? "default"}`;
          return pod.automountServiceAccountToken !== false && !bound.has(account);
        })
        .map(({ title, pod }) => ({
          object: title,
          message: `automountServiceAccountToken: expected false, because no role is bound to service account ${pod.serviceAccountName ?? "default"}, got ${JSON.stringify(pod.automountServiceAccountToken) ?? "nothing"}`,
        }));
    },
  },
];

function wildcards(object: KubernetesObject): Finding[] {
  if (object.kind !== "ClusterRole") return [];
  const rules = (at(object, "rules") ?? []) as RoleRule[];
  return rules.flatMap((rule, index) =>
    (["apiGroups", "resources", "verbs", "nonResourceURLs"] as const)
      .filter((field) => rule[field]?.some((value) => value === "*" || value === "*/*"))
      .map((field) => ({
        object: titleOf(object),
        message: `rules[${index}].${field}: expected the names that are needed, got "*"`,
      })),
  );
}

function clusterAdmin(object: KubernetesObject): Finding[] {
  if (!isBinding(object) || at(object, "roleRef.name") !== "cluster-admin") return [];
  return [
    {
      object: titleOf(object),
      message: "expected a role of its own, got cluster-admin, which may do everything",
    },
  ];
}

function isBinding({ kind }: KubernetesObject): boolean {
  return kind === "RoleBinding" || kind === "ClusterRoleBinding";
}

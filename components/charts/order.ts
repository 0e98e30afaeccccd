import { groupOf, type PackageObject } from "./kinds";

/** Kinds that must exist before pods start. None of them waits for pods, unlike Services. */
const needed = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "ConfigMap",
  "IngressClass",
  "LimitRange",
  "NetworkPolicy",
  "PriorityClass",
  "ResourceQuota",
  "Role",
  "RoleBinding",
  "RuntimeClass",
  "Secret",
  "ServiceAccount",
  "StorageClass",
]);

/** Extensions of the API server, whose pods must respond before they are registered. */
const extensions = new Set([
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
]);

/**
 * Returns the objects in groups, each of which is created after the ones before it. Objects whose CRDs are among them
 * come last, because the package's own webhooks may validate them.
 */
export function inOrder(objects: readonly PackageObject[]): PackageObject[][] {
  const own = new Set(objects.flatMap(definedKind));
  const stage = (object: PackageObject): number => {
    if (object.kind === "CustomResourceDefinition") return 0;
    if (own.has(`${groupOf(object.apiVersion)}/${object.kind}`)) return 4;
    if (extensions.has(object.kind)) return 3;
    return needed.has(object.kind) ? 1 : 2;
  };
  return [0, 1, 2, 3, 4].map((number) => objects.filter((object) => stage(object) === number));
}

/** Returns `group/Kind` of a CRD's kind. */
export function definedKind({ kind, spec }: PackageObject): string[] {
  if (kind !== "CustomResourceDefinition") return [];
  const { group, names } = (spec ?? {}) as { group?: unknown; names?: { kind?: unknown } };
  return typeof group === "string" && typeof names?.kind === "string"
    ? [`${group}/${names.kind}`]
    : [];
}

import type { PropertyChange } from "../shared/diff";
import type { ApiError } from "./client";
import type { ObjectName } from "./objects";

const always = [/^metadata\.name$/, /^metadata\.namespace$/, /^kind$/];

/** Fields that the API never lets change, by kind. */
const immutable: Record<string, RegExp[]> = {
  Deployment: [/^spec\.selector\b/],
  DaemonSet: [/^spec\.selector\b/],
  ReplicaSet: [/^spec\.selector\b/],
  StatefulSet: [/^spec\.(selector|serviceName|podManagementPolicy|volumeClaimTemplates)\b/],
  Job: [/^spec\.(selector|template|completions|completionMode)\b/],
  PersistentVolumeClaim: [
    /^spec\.(accessModes|selector|storageClassName|volumeMode|volumeName|dataSource)\b/,
  ],
  PersistentVolume: [/^spec\.(csi|nfs|hostPath|local)\b/],
  StorageClass: [/^(provisioner|parameters|reclaimPolicy|volumeBindingMode)\b/],
  RoleBinding: [/^roleRef\b/],
  ClusterRoleBinding: [/^roleRef\b/],
  Secret: [/^type$/],
  CSIDriver: [/^spec\.(attachRequired|volumeLifecycleModes|fsGroupPolicy)\b/],
  EndpointSlice: [/^addressType$/],
  PriorityClass: [/^(value|preemptionPolicy)$/],
};

/** Whether a change of this path means another object, by what is known without asking. */
export function replaces(
  path: string,
  { apiVersion, kind }: ObjectName,
  { groupChanges, frozen }: { groupChanges: boolean; frozen: boolean },
): boolean {
  if (always.some((pattern) => pattern.test(path))) return true;
  if (path === "apiVersion") return groupChanges;
  if (frozen && /^(data|binaryData|stringData|immutable)\b/.test(path)) return true;
  return isBuiltIn(apiVersion) && (immutable[kind] ?? []).some((pattern) => pattern.test(path));
}

/** Whether a kind is Kubernetes' own; a custom one may have the same name. */
function isBuiltIn(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** The changes that the API server called changes of an immutable field. */
export function refusedPaths({ body, message }: ApiError, changes: PropertyChange[]): Set<string> {
  const causes = body.details?.causes ?? [];
  const fields = causes
    .filter(({ message: text }) => immutableText.test(text ?? ""))
    .map(({ field }) => field ?? "");
  if (fields.length === 0 && immutableText.test(message))
    return new Set(changes.map(({ path }) => path));
  return new Set(
    changes
      .map(({ path }) => path)
      // The server writes `annotations[a/b]` where the engine writes `annotations["a/b"]`.
      .filter((path) => fields.some((field) => related(path.replaceAll('"', ""), field))),
  );
}

/** Whether one path is the other, or lies below it. */
function related(path: string, field: string): boolean {
  const below = (a: string, b: string) => a.startsWith(`${b}.`) || a.startsWith(`${b}[`);
  return path === field || below(path, field) || below(field, path);
}

/** How API servers say that a field cannot change. */
const immutableText =
  /is immutable|may not be changed|updates to .* are forbidden|Forbidden: updates to|cannot be changed/i;

import { managerPrefix, type Api } from "./api";
import { ApiError } from "./client";
import type { FieldsEntry, KubernetesObject, ObjectName } from "./objects";

/**
 * Managers whose fields an update takes over, by prefix: manual changes with kubectl, and fields of the plugin's
 * creation, are reset. Other managers keep their fields.
 */
const takenOver: { operation: string; prefix: string }[] = [
  { operation: "Apply", prefix: "kubectl" },
  { operation: "Update", prefix: "kubectl" },
  { operation: "Update", prefix: "before-first-apply" },
  { operation: "Update", prefix: managerPrefix },
];

/**
 * Whether no update has taken over the fields that the plugin created: their manager is still that of the creation,
 * with which a dry run would conflict.
 */
export function isAsCreated(live: KubernetesObject | undefined): boolean {
  const entries = live?.metadata.managedFields ?? [];
  return entries.some(
    ({ manager, operation }) => operation === "Update" && manager.startsWith(managerPrefix),
  );
}

/** Number of attempts to take over the fields of an object that others change at the same time. */
const attempts = 10;

/**
 * Makes `manager` the owner of the fields that kubectl owns. Controllers may change the object at any time: an
 * autoscaler's status changes with every decision.
 */
export async function takeOver(
  api: Pick<Api, "get" | "patch">,
  name: ObjectName,
  manager: string,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await api.get(name);
    const entries = withOwner(live?.metadata.managedFields ?? [], manager);
    if (entries === undefined) return;
    try {
      return await api.patch(name, [
        // Fails if another writer has changed the object meanwhile.
        { op: "test", path: "/metadata/resourceVersion", value: live?.metadata.resourceVersion },
        { op: "replace", path: "/metadata/managedFields", value: entries },
      ]);
    } catch (error) {
      const isChanged = error instanceof ApiError && [409, 422].includes(error.status);
      if (!isChanged || attempt === attempts) throw error;
    }
  }
}

/** Returns the entries with kubectl's merged into the manager's own; undefined if there are none. */
export function withOwner(
  entries: readonly FieldsEntry[],
  manager: string,
): FieldsEntry[] | undefined {
  const taken = entries.filter(
    (entry) =>
      (entry.subresource ?? "") === "" &&
      takenOver.some(
        ({ operation, prefix }) =>
          entry.operation === operation && entry.manager.startsWith(prefix) && !isOwn(entry),
      ),
  );
  const first = entries.find(isOwn) ?? taken[0];
  if (taken.length === 0 || first === undefined) return undefined;
  const rest = entries.filter((entry) => !taken.includes(entry) && !isOwn(entry));
  const fieldsV1 = taken.reduce((fields, entry) => union(fields, entry.fieldsV1), first.fieldsV1);
  return [...rest, { ...first, manager, operation: "Apply", fieldsV1 }];

  function isOwn(entry: FieldsEntry): boolean {
    return entry.manager === manager && entry.operation === "Apply";
  }
}

/** A set of fields is a tree of maps with empty leaves. */
function union(a: unknown, b: unknown): Record<string, unknown> {
  const result = { ...(a as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries((b ?? {}) as Record<string, unknown>)) {
    result[key] = key in result ? union(result[key], value) : value;
  }
  return result;
}

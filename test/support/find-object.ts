import type { KubernetesObject } from "../../render/objects";

/** Returns the object of a kind, a namespace and a name; undefined if there is none. */
export function findObject(
  objects: readonly KubernetesObject[],
  kind: string,
  namespace: string | undefined,
  name: string,
): KubernetesObject | undefined {
  return objects.find(
    (object) =>
      object.kind === kind &&
      object.metadata.name === name &&
      object.metadata.namespace === namespace,
  );
}

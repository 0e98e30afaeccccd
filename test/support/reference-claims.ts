import { at, type KubernetesObject } from "../../render/objects";
import { workloads } from "../../policy/workloads";
import { findObject } from "./find-object";
import { secretReads } from "./secret-reads";

/**
 * Returns the volumes of pods whose claim no part declares, by itself or with a StatefulSet, and the keys that pods read
 * of a declared Secret that does not have them. Secrets that the stack does not declare belong to somebody else.
 */
export function missingClaimsAndKeys(objects: KubernetesObject[]): string[] {
  const claims = new Set(objects.flatMap(claimsOf));
  return workloads(objects).flatMap((workload) => {
    const { title, object, pod } = workload;
    const { namespace } = object.metadata;
    const missing = (pod.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
      claim === undefined || claims.has(`${namespace}/${claim.claimName}`)
        ? []
        : [`${title}: claim ${claim.claimName}`],
    );
    const unknown = secretReads(workload).flatMap(({ name, key }) => {
      const secret = findObject(objects, "Secret", namespace, name);
      const { data, stringData } = { ...secret } as Record<string, object | undefined>;
      const isKnown =
        secret === undefined || key === undefined || key in { ...data, ...stringData };
      return isKnown ? [] : [`${title}: key ${key} of ${name}`];
    });
    return [...missing, ...unknown];
  });
}

/** Returns the claims that an object is, or that a StatefulSet makes for its pods, with their namespace. */
function claimsOf(object: KubernetesObject): string[] {
  const { name, namespace } = object.metadata;
  if (object.kind === "PersistentVolumeClaim") return [`${namespace}/${name}`];
  if (object.kind !== "StatefulSet") return [];
  const templates = (at(object, "spec.volumeClaimTemplates") ?? []) as KubernetesObject[];
  const replicas = Number(at(object, "spec.replicas") ?? 1);
  return templates.flatMap(({ metadata }) =>
    Array.from(
      { length: replicas },
      (_, index) => `${namespace}/${metadata.name}-${name}-${index}`,
    ),
  );
}

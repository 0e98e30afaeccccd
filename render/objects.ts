import { titleOf as title, type KubernetesObject } from "../config/kubernetes-object";
import type { Registration } from "./record";

export type { KubernetesObject } from "../config/kubernetes-object";

/** Returns the Kubernetes objects that the program registered, sorted by namespace, kind and name. */
export function kubernetesObjects(registrations: Registration[]): KubernetesObject[] {
  return registrations
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(({ inputs }) => inputs as KubernetesObject)
    .sort((a, b) => (fileName(a) < fileName(b) ? -1 : 1));
}

/** `<namespace or "cluster">.<kind>.<name>.yaml`, in lower case. */
export function fileName({ kind, metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? "cluster"}.${kind}.${metadata.name}.yaml`.toLowerCase();
}

/** `Deployment commerce-dev/shop-1-4-2`, `Namespace gateway`. */
export function titleOf({ kind, metadata }: KubernetesObject): string {
  return title({ kind, ...metadata });
}

/** Returns a nested value of an object by its path, for example `at(object, "spec.template.metadata")`. */
export function at(object: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, part) => (value as Record<string, unknown> | undefined)?.[part],
      object,
    );
}

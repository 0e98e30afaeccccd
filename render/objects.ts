import type { Registration } from "./record";

/** A Kubernetes object as a manifest holds it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** Every Kubernetes object among what the program registered, sorted by namespace, kind and name. */
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

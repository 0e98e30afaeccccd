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

/** Returns the title of an object for messages: `Deployment commerce-dev/shop-1-4-2`, `Namespace gateway`. */
export function titleOf({
  kind,
  namespace,
  name,
}: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

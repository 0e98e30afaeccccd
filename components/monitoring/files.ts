import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Declares files that a server reloads while it runs: a ConfigMap with a fixed name, changed in place. For files that
 * are only read at the start, use `immutableConfigMap`, which restarts the pods.
 */
export function liveFiles(
  name: string,
  {
    namespace,
    labels,
    data,
  }: {
    namespace: pulumi.Input<string>;
    labels: Record<string, string>;
    data: Record<string, string>;
  },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const configMap = new k8s.core.v1.ConfigMap(
    name,
    { metadata: { name, namespace, labels }, data },
    { parent },
  );
  return configMap.metadata.name;
}

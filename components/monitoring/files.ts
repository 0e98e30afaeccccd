import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfigMapArgs } from "../shared/config-map";
import type { Part } from "../shared/context";
import { objectLabels } from "../shared/labels";

/**
 * Declares files that a server reloads while it runs: a ConfigMap with a fixed name, changed in place. For files that
 * are only read at the start, use `immutableConfigMap`, which restarts the pods.
 */
export function liveFiles(
  { name: partOf, namespace, parent }: Part,
  name: string,
  { data, workload }: Required<ConfigMapArgs>,
): pulumi.Output<string> {
  const labels = objectLabels(workload, partOf);
  const configMap = new k8s.core.v1.ConfigMap(
    name,
    { metadata: { name, namespace, labels }, data },
    { parent },
  );
  return configMap.metadata.name;
}

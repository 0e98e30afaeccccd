import * as k8s from "@pulumi/kubernetes";
import type { Owner } from "./context";
import { contentHash } from "./hash";
import { objectLabels } from "./labels";

/** Arguments of {@link immutableConfigMap}. */
export interface ConfigMapArgs {
  /** Files: content by file name. */
  data: Record<string, string>;
  /** Workload that it belongs to, its label `app.kubernetes.io/name`. Default: the base of its name. */
  workload?: string;
}

/**
 * Declares an immutable ConfigMap named `<base>-<hash of its content>`. Changed content creates a new object: files of
 * running pods never change or disappear, and a change restarts the pods that mount it.
 * @returns the name as a plain string; an output would make every pod that mounts it unknown in previews.
 */
export function immutableConfigMap(
  { name: partOf, namespace, parent }: Owner,
  base: string,
  { data, workload = base }: ConfigMapArgs,
): { name: string; configMap: k8s.core.v1.ConfigMap } {
  const name = `${base}-${contentHash(data)}`;
  const configMap = new k8s.core.v1.ConfigMap(
    name,
    {
      metadata: { name, namespace, labels: objectLabels(workload, partOf) },
      immutable: true,
      data,
    },
    { parent },
  );
  return { name, configMap };
}

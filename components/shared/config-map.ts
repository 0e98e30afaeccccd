import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { contentHash } from "./hash";

/** Arguments of {@link immutableConfigMap}. */
export interface ConfigMapArgs {
  /** Namespace of the ConfigMap. */
  namespace: pulumi.Input<string>;
  /** Labels of the ConfigMap. */
  labels: Record<string, string>;
  /** Files: content by file name. */
  data: Record<string, string>;
}

/**
 * Declares an immutable ConfigMap named `<base>-<hash of its content>`. Changed content creates a new object: files of
 * running pods never change or disappear, and a change restarts the pods that mount it.
 * @returns the name as a plain string; an output would make every pod that mounts it unknown in previews.
 */
export function immutableConfigMap(
  base: string,
  { namespace, labels, data }: ConfigMapArgs,
  parent: pulumi.Resource,
): { name: string; configMap: k8s.core.v1.ConfigMap } {
  const name = `${base}-${contentHash(data)}`;
  const configMap = new k8s.core.v1.ConfigMap(
    name,
    { metadata: { name, namespace, labels }, immutable: true, data },
    { parent },
  );
  return { name, configMap };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { contentHash } from "./hash";

/** Arguments of {@link immutableConfigMap}. */
export interface ConfigMapArgs {
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
  /** Files by name. */
  data: Record<string, string>;
}

/**
 * An immutable ConfigMap named `<base>-<hash of its content>`. Other content is another object, so
 * nothing that runs ever has its files changed or taken away, and a change restarts what mounts it.
 * @returns the name as plain text: a reference would carry unknowns into every pod that mounts it.
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

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { environmentLabel, objectLabels } from "./labels";

/** How much the pods of a namespace may do; anything but `restricted` needs a reason beside it. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/**
 * The namespace of a part of the platform.
 * @param environment the gateway admits routes from the namespaces of its own environment only.
 * @returns its name, once it exists.
 */
export function platformNamespace(
  name: string,
  parent: pulumi.Resource,
  environment: string,
  podSecurity: PodSecurity = "restricted",
): pulumi.Output<string> {
  const namespace = new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name,
        labels: {
          ...objectLabels(name, name),
          [environmentLabel]: environment,
          "pod-security.kubernetes.io/enforce": podSecurity,
        },
      },
    },
    { parent },
  );
  return namespace.metadata.name;
}

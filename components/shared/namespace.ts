import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { environmentLabel, objectLabels } from "./labels";

/** Pod Security level of a namespace; any level except `restricted` needs a reason next to it. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

/**
 * Declares the namespace of a part of the platform.
 * @param environment environment of the stack: the gateway admits routes from namespaces of its own environment only.
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

import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link secret}. */
export interface SecretArgs {
  /** Namespace of the Secret. */
  namespace: pulumi.Input<string>;
  /** Labels of the Secret. */
  labels: Record<string, string>;
  /** Values by key; they remain secret in the state and in every preview. */
  data: Record<string, pulumi.Input<string>>;
  /** Kubernetes type of the Secret. Default: `Opaque`. */
  type?: string;
}

/** A Secret, and the annotations that restart its pods when its content changes. */
export interface DeclaredSecret {
  name: pulumi.Output<string>;
  /** Annotations for the template of the pods that read it. */
  podAnnotations: Record<string, pulumi.Output<string>>;
}

/**
 * Declares a Secret with a fixed name, changed in place: a name with a hash would reveal something about the content.
 * The pods that use it have a checksum of it, itself secret, as an annotation, so that a new password restarts them.
 */
export function secret(
  name: string,
  { namespace, labels, data, type = "Opaque" }: SecretArgs,
  parent: pulumi.Resource,
): DeclaredSecret {
  const stringData = pulumi.secret(pulumi.output(data));
  const declared = new k8s.core.v1.Secret(
    name,
    { metadata: { name, namespace, labels }, type, stringData },
    { parent },
  );
  const checksum = stringData.apply((values) =>
    createHash("sha256")
      .update(JSON.stringify(Object.entries(values).sort()))
      .digest("hex"),
  );
  return {
    name: declared.metadata.name,
    podAnnotations: { [`platform/checksum-${name}`]: checksum },
  };
}

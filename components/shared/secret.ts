import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "./context";
import { objectLabels } from "./labels";

/** Arguments of {@link secret}. */
export interface SecretArgs {
  /** Values by key; they remain secret in the state and in every preview. */
  data: Record<string, pulumi.Input<string>>;
  /** Kubernetes type of the Secret. Default: `Opaque`. */
  type?: string;
  /** Workload that it belongs to, its label `app.kubernetes.io/name`. Default: the name of the Secret. */
  workload?: string;
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
  { name: partOf, namespace, parent }: Owner,
  name: string,
  { data, type = "Opaque", workload = name }: SecretArgs,
): DeclaredSecret {
  const stringData = pulumi.secret(pulumi.output(data));
  const declared = new k8s.core.v1.Secret(
    name,
    { metadata: { name, namespace, labels: objectLabels(workload, partOf) }, type, stringData },
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

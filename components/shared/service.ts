import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Tells the plugin not to wait for a Service. It would wait until no address behind the Service is
 * unready, and fail after 10 minutes, though a Deployment may take longer; one pod of many that
 * crashes would hold up every update. The workloads themselves are waited for.
 */
const unawaited = { "pulumi.com/skipAwait": "true" };

/** Arguments of a Service, whose annotations are known when the program runs. */
export interface ServiceArgs {
  metadata: Omit<k8s.types.input.meta.v1.ObjectMeta, "annotations"> & {
    annotations?: Record<string, pulumi.Input<string>>;
  };
  spec: k8s.types.input.core.v1.ServiceSpec;
}

/** Declares a Service that no update waits for. Every Service of the program is declared by it. */
export function declareService(
  name: string,
  { metadata, spec }: ServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = { ...metadata.annotations, ...unawaited };
  return new k8s.core.v1.Service(name, { metadata: { ...metadata, annotations }, spec }, opts);
}

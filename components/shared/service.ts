import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./context";
import { objectLabels, selectorLabels } from "./labels";

/**
 * Keeps the plugin from waiting for a Service. It would wait until all of its endpoints are ready, and fail
 * after 10 minutes although a Deployment may take longer; one crashing pod of many would block every update. Pulumi
 * waits for the workloads themselves.
 */
const skipAwait = { "pulumi.com/skipAwait": "true" };

/** Arguments of {@link declareService}. The annotations are known when the program runs. */
export interface DeclaredServiceArgs {
  /** Metadata of the Service. */
  metadata: Omit<k8s.types.input.meta.v1.ObjectMeta, "annotations"> & {
    annotations?: Record<string, pulumi.Input<string>>;
  };
  /** Spec of the Service. */
  spec: k8s.types.input.core.v1.ServiceSpec;
}

/** Declares a Service that no update waits for. The program declares all Services with it. */
export function declareService(
  name: string,
  { metadata, spec }: DeclaredServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = { ...metadata.annotations, ...skipAwait };
  return new k8s.core.v1.Service(name, { metadata: { ...metadata, annotations }, spec }, opts);
}

type ServiceSpec = k8s.types.input.core.v1.ServiceSpec;

/** Arguments of {@link service}. */
export interface ServiceArgs {
  /** Name of the Service. Default: the name of the workload. */
  name?: string;
  /** Ports by name: a number, whose target is the container port with the same name, or a full port. */
  ports: Record<string, number | Omit<k8s.types.input.core.v1.ServicePort, "name">>;
  /** Whether DNS returns the pods' own addresses; the pods of a StatefulSet then have DNS names. Default: false. */
  headless?: boolean;
  /** Additional annotations, for example to configure a cloud's load balancer. Default: none. */
  annotations?: Record<string, string>;
  /** Additional fields of the Service. Default: none. */
  spec?: Omit<ServiceSpec, "selector" | "ports" | "clusterIP">;
}

/**
 * Declares a Service for a workload's pods.
 * @param workload name of the workload, a label of its pods.
 * @returns the Service's name, once it exists.
 */
export function service(
  { name: partOf, namespace, parent }: Part,
  workload: string,
  { name = workload, ports, headless = false, annotations, spec }: ServiceArgs,
): pulumi.Output<string> {
  const { metadata } = declareService(
    name,
    {
      metadata: {
        name,
        namespace,
        labels: objectLabels(workload, partOf),
        ...(annotations === undefined ? {} : { annotations }),
      },
      spec: {
        ...(headless ? { clusterIP: "None" } : {}),
        ...spec,
        selector: selectorLabels(workload),
        ports: Object.entries(ports).map(([port, value]) =>
          typeof value === "number"
            ? { name: port, port: value, targetPort: port }
            : { name: port, ...value },
        ),
      },
    },
    { parent },
  );
  return metadata.name;
}

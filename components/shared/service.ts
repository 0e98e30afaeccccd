import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./context";
import { objectLabels, selectorLabels } from "./labels";

/**
 * Tells the plugin not to wait for a Service. It would wait until no address behind the Service is
 * unready, and fail after 10 minutes, though a Deployment may take longer; one pod of many that
 * crashes would hold up every update. The workloads themselves are waited for.
 */
const unawaited = { "pulumi.com/skipAwait": "true" };

/** Arguments of {@link declareService}, whose annotations are known when the program runs. */
export interface DeclaredServiceArgs {
  metadata: Omit<k8s.types.input.meta.v1.ObjectMeta, "annotations"> & {
    annotations?: Record<string, pulumi.Input<string>>;
  };
  spec: k8s.types.input.core.v1.ServiceSpec;
}

/** Declares a Service that no update waits for. Every Service of the program is declared by it. */
export function declareService(
  name: string,
  { metadata, spec }: DeclaredServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = { ...metadata.annotations, ...unawaited };
  return new k8s.core.v1.Service(name, { metadata: { ...metadata, annotations }, spec }, opts);
}

type ServiceSpec = k8s.types.input.core.v1.ServiceSpec;

/** Arguments of {@link service}. */
export interface ServiceArgs {
  /** Name of the Service; the workload's without it. */
  name?: string;
  /** Ports by name: the number, with the container's port of the same name as target; or all of it. */
  ports: Record<string, number | Omit<k8s.types.input.core.v1.ServicePort, "name">>;
  /** Whether DNS answers with the pods' own addresses; a StatefulSet's pods then have names. */
  headless?: boolean;
  /** Further annotations, for example those by which a cloud's load balancer is set up. */
  annotations?: Record<string, string>;
  /** Further fields of the Service. */
  spec?: Omit<ServiceSpec, "selector" | "ports" | "clusterIP">;
}

/**
 * Declares a Service in front of a workload's pods.
 * @param workload name of the workload, which its pods' labels carry.
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

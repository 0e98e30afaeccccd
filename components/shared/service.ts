import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "./context";
import { objectLabels, selectorLabels } from "./labels";

type ServiceSpec = k8s.types.input.core.v1.ServiceSpec;

/** Arguments of {@link service}. */
export interface ServiceArgs {
  /** Name of the Service; the workload's without it. */
  name?: string;
  /** Ports by name: the number, with the container's port of the same name as target; or all of it. */
  ports: Record<string, number | Omit<k8s.types.input.core.v1.ServicePort, "name">>;
  /** Whether DNS answers with the pods' own addresses; a StatefulSet's pods then have names. */
  headless?: boolean;
  /** Further fields of the Service. */
  spec?: Omit<ServiceSpec, "selector" | "ports" | "clusterIP">;
}

/**
 * The engine does not wait for a Service's endpoints: it waits for the workload behind it, which
 * has a longer time of its own to become ready.
 */
const withoutWait = { "pulumi.com/skipAwait": "true" };

/** Arguments of {@link declareService}; the annotations are known when the program runs. */
export interface DeclaredServiceArgs {
  metadata: Omit<k8s.types.input.meta.v1.ObjectMeta, "annotations"> & {
    annotations?: Record<string, pulumi.Input<string>>;
  };
  spec: ServiceSpec;
}

/** Declares a Service that no update waits for: every Service of the program is declared by it. */
export function declareService(
  name: string,
  { metadata, spec }: DeclaredServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const annotations = { ...metadata.annotations, ...withoutWait };
  return new k8s.core.v1.Service(name, { metadata: { ...metadata, annotations }, spec }, opts);
}

/**
 * Declares a Service in front of a workload's pods.
 * @param workload name of the workload, which its pods' labels carry.
 * @returns the Service's name, once it exists.
 */
export function service(
  part: Part,
  workload: string,
  { name = workload, ports, headless = false, spec }: ServiceArgs,
): pulumi.Output<string> {
  const declared = declareService(
    name,
    {
      metadata: {
        name,
        namespace: part.namespace,
        labels: objectLabels(workload, part.name),
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
    { parent: part.parent },
  );
  return declared.metadata.name;
}

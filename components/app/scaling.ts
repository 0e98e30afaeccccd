import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { RequestScaling } from "../autoscaling/keda";

/** How many instances a release has, and what makes it have more. */
export interface Scaling {
  min: number;
  max: number;
  /** Target use of the requested CPU, percent. */
  cpu: number;
  /** Target use of the requested memory, percent. */
  memory?: number;
  /** Target requests per second of one pod. */
  requestsPerSecond?: number;
}

/** Arguments of {@link autoscaler}. */
export interface AutoscalerArgs {
  app: string;
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };
  deployment: k8s.apps.v1.Deployment;
  scaling: Scaling;
  /** Fewest pods for now, where that is more than `scaling.min`: what a rising share needs. */
  floor?: number;
  /** Services whose requests the release gets; none for a former release. */
  services: string[];
  /** Where the requests are counted; only where the stack has KEDA. */
  requestScaling?: pulumi.Input<RequestScaling>;
}

/** Time over which requests are counted: four readings of Prometheus, so that one may fail. */
const rateWindow = "2m";

/** Seconds between two looks at the requests; Prometheus reads them every 30. */
const pollingInterval = 15;

/**
 * What changes the number of a release's pods: Kubernetes' own autoscaler by CPU and memory, or
 * KEDA's ScaledObject, which makes such an autoscaler itself, when requests count as well. Of all
 * targets, the one that asks for the most pods wins.
 */
export function autoscaler(args: AutoscalerArgs, parent: pulumi.Resource): pulumi.CustomResource {
  const { requestsPerSecond } = args.scaling;
  return requestsPerSecond === undefined
    ? horizontalPodAutoscaler(args, parent)
    : scaledObject(args, requestsPerSecond, parent);
}

function horizontalPodAutoscaler(
  { metadata, deployment, scaling: { min, max, cpu, memory }, floor = min }: AutoscalerArgs,
  parent: pulumi.Resource,
): pulumi.CustomResource {
  const utilization = (resource: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name: resource, target: { type: "Utilization", averageUtilization } },
  });
  return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    metadata.name,
    {
      metadata: {
        ...metadata,
        // For the moment in which a ScaledObject takes its place: KEDA would refuse the second
        // autoscaler, while Kubernetes leaves pods with two alone.
        annotations: { "validations.keda.sh/hpa-ownership": "false" },
      },
      spec: {
        scaleTargetRef: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: deployment.metadata.name,
        },
        minReplicas: floor,
        maxReplicas: max,
        metrics: [
          utilization("cpu", cpu),
          ...(memory === undefined ? [] : [utilization("memory", memory)]),
        ],
      },
    },
    { parent },
  );
}

function scaledObject(
  { app, metadata, deployment, scaling, floor, services, requestScaling }: AutoscalerArgs,
  requestsPerSecond: number,
  parent: pulumi.Resource,
): pulumi.CustomResource {
  if (requestScaling === undefined) {
    throw new ProgramError(
      `App "${app}" is to be scaled by its requests, and nothing counts them; the stack needs KEDA.`,
    );
  }
  const { min, max, cpu, memory } = scaling;
  const utilization = (type: string, value: number) => ({
    type,
    metricType: "Utilization",
    metadata: { value: String(value) },
  });
  const requests = {
    type: "prometheus",
    metricType: "AverageValue",
    metadata: {
      serverAddress: pulumi.output(requestScaling).prometheus,
      query: pulumi.output(metadata.namespace).apply((namespace) => query(namespace, services)),
      threshold: String(requestsPerSecond),
      // Without an answer nothing is taken away; CPU still adds pods.
      ignoreNullValues: "false",
    },
  };
  return new k8s.apiextensions.CustomResource(
    metadata.name,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata,
      spec: {
        scaleTargetRef: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: deployment.metadata.name,
        },
        pollingInterval,
        minReplicaCount: floor ?? min,
        maxReplicaCount: max,
        triggers: [
          utilization("cpu", cpu),
          ...(memory === undefined ? [] : [utilization("memory", memory)]),
          ...(services.length === 0 ? [] : [requests]),
        ],
      },
    },
    { parent },
  );
}

/**
 * Requests per second that the gateway sent to Services, from the monitoring's own series. An app
 * that never had one has no series; that is 0 when other apps have some, and no answer when none has,
 * as then Prometheus does not see the gateway.
 */
export function query(namespace: string, services: string[]): string {
  const of = `namespace="${namespace}",service=~"${services.join("|")}"`;
  return `sum(rate(app:requests:total{${of}}[${rateWindow}])) or 0 * sum(app:requests:total)`;
}

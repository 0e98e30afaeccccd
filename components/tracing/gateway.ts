import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { selectorLabels } from "../shared/labels";
import { platformPlacement } from "../shared/placement";
import { scraped, spread } from "../shared/pods";
import { declareService } from "../shared/service";
import { collectorPorts, gatewayConfig, type Sampling } from "./collector-config";
import { collectorPod, labelsOf, type Common } from "./collector-pod";
import { gatewaySizing } from "./sizing";

/** Arguments of {@link samplingGateway}. */
export interface GatewayArgs extends Common {
  sampling: Sampling;
  replicas: number;
  tracesPerSecond: number;
  /** Host and port of Tempo's receiver. */
  tempo: string;
}

/** Name of the Service that has the address of every sampling collector. */
export const gatewayName = "otel-gateway";

const labels = labelsOf(gatewayName);
const selector = selectorLabels(gatewayName);

/** The collectors that decide which traces are kept. */
export function samplingGateway(args: GatewayArgs, parent: pulumi.Resource): void {
  const { namespace, sampling, replicas, tracesPerSecond, tempo, placement } = args;
  const { traces, memory } = gatewaySizing({ replicas, tracesPerSecond, wait: sampling.wait });
  const { objects, ...pod } = collectorPod(
    gatewayName,
    {
      ...args,
      config: gatewayConfig(sampling, traces, tempo),
      receives: ["grpc"],
      cpu: { request: "200m", limit: "2" },
      memory,
    },
    parent,
  );
  const metadata = { name: gatewayName, namespace, labels };
  if (replicas > 1) disruptionBudget(gatewayName, { namespace, labels }, selector, parent);
  new k8s.apps.v1.Deployment(
    gatewayName,
    {
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: scraped(collectorPorts.metrics, "/metrics"),
          },
          spec: {
            ...pod,
            automountServiceAccountToken: false,
            // What it holds is decided on and handed on before it ends.
            terminationGracePeriodSeconds: sampling.wait + 30,
            ...spread(selector),
            ...platformPlacement(placement),
          },
        },
      },
    },
    { parent, dependsOn: objects },
  );
  declareService(
    gatewayName,
    {
      metadata,
      spec: {
        clusterIP: "None",
        selector,
        ports: [{ name: "grpc", port: collectorPorts.grpc, targetPort: "grpc" }],
      },
    },
    { parent },
  );
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { binary } from "../toolchain/install";

/** Options of the real metrics-server next to a local control plane. */
export interface MetricsOptions {
  /**
   * Its Namespace, Service and APIService, through which the API server calls it; kwokctl routes the Service to the
   * process.
   */
  objects: object[];
}

/** Annotation of a node: CPU use of every container on it, for example `300m`. Default: 1m. */
export const usageAnnotation = "platform/container-cpu";

/** Annotation with the path at which the simulated kubelet of a node serves the use of its pods. */
export function metricsPath(node: string): Record<string, string> {
  return { "metrics.k8s.io/resource-metrics-path": `/metrics/nodes/${node}/metrics/resource` };
}

/**
 * Returns kwokctl's options for metrics-server.
 * @param folder folder for the objects, which kwokctl reads only as a kustomization.
 */
export function metricsServerOptions(metrics: MetricsOptions | undefined, folder: string): object {
  if (metrics === undefined) return {};
  const manifest = join(folder, "metrics-server");
  mkdirSync(manifest, { recursive: true });
  writeFileSync(join(manifest, "kustomization.yaml"), stringify({ resources: ["objects.yaml"] }));
  writeFileSync(
    join(manifest, "objects.yaml"),
    metrics.objects.map((object) => stringify(object)).join("---\n"),
  );
  return {
    enableMetricsServer: true,
    metricsServerBinary: binary("metrics-server"),
    metricsServerManifests: [manifest],
  };
}

/** The autoscaler waits minutes before a decision by default, which is too long for tests. */
export const quickAutoscaler: Record<string, string> = {
  "horizontal-pod-autoscaler-sync-period": "5s",
  "horizontal-pod-autoscaler-downscale-stabilization": "10s",
  "horizontal-pod-autoscaler-initial-readiness-delay": "1s",
  "horizontal-pod-autoscaler-cpu-initialization-period": "1s",
};

const apiVersion = "kwok.x-k8s.io/v1alpha1";

/** A metric of the simulated kubelet, with a kubelet's metric name. */
function metric(
  dimension: "container" | "node" | "pod",
  name: string,
  kind: "counter" | "gauge",
  value: string,
): object {
  const label = (key: string, of: string) => ({ name: key, value: of });
  const podLabels = [
    label("namespace", "pod.metadata.namespace"),
    label("pod", "pod.metadata.name"),
  ];
  const labels = {
    node: [],
    pod: podLabels,
    container: [label("container", "container.name"), ...podLabels],
  };
  return { name, dimension, kind, help: "Played.", labels: labels[dimension], value };
}

/** CPU and memory metrics of the kubelets that kwok simulates. */
export const simulatedUsage: object[] = [
  {
    apiVersion,
    kind: "Metric",
    metadata: { name: "metrics-resource" },
    spec: {
      path: "/metrics/nodes/{nodeName}/metrics/resource",
      metrics: [
        metric("container", "container_start_time_seconds", "gauge", "pod.SinceSecond()"),
        metric(
          "container",
          "container_cpu_usage_seconds_total",
          "counter",
          'pod.CumulativeUsage("cpu", container.name)',
        ),
        metric(
          "container",
          "container_memory_working_set_bytes",
          "gauge",
          'pod.Usage("memory", container.name)',
        ),
        metric("node", "node_cpu_usage_seconds_total", "counter", 'node.CumulativeUsage("cpu")'),
        metric("node", "node_memory_working_set_bytes", "gauge", 'node.Usage("memory")'),
      ],
    },
  },
  {
    apiVersion,
    kind: "ClusterResourceUsage",
    metadata: { name: "simulated" },
    spec: {
      usages: [
        {
          usage: {
            cpu: {
              expression: `"${usageAnnotation}" in node.metadata.annotations ? Quantity(node.metadata.annotations["${usageAnnotation}"]) : Quantity("1m")`,
            },
            memory: { value: "16Mi" },
          },
        },
      ],
    },
  },
];

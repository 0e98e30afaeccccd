import type { Cluster } from ".";
import { metricsServerOptions, quickAutoscaler, type MetricsOptions } from "./metrics";
import type { ClusterPorts } from "./ports";

/** Addresses of Services: enough for thousands, where the default has room for 250. */
const serviceRange = "10.96.0.0/16";

/**
 * How long nobody else may play a node whose player is gone; kwok takes it times 5, its heartbeat factor.
 * That is 20 s in the place of 200, so that pods soon start again where the machine was off.
 */
const nodeLeaseDurationSeconds = 4;

/** What kwokctl is told to make of a cluster. */
export function kwokctlConfig(
  { folder }: Cluster,
  ports: ClusterPorts,
  metrics: MetricsOptions | undefined,
  controllerManager: Record<string, string>,
): object {
  const argument = (key: string, value: string) => ({ key, value });
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      bindAddress: "127.0.0.1",
      nodeLeaseDurationSeconds,
      ...ports,
      ...metricsServerOptions(metrics, folder),
    },
    componentsPatches: [
      {
        name: "kube-apiserver",
        extraArgs: [
          argument("service-cluster-ip-range", serviceRange),
          argument("anonymous-auth", "false"),
        ],
      },
      {
        name: "kube-controller-manager",
        extraArgs: Object.entries({
          ...(metrics === undefined ? {} : quickAutoscaler),
          ...controllerManager,
        }).map(([key, value]) => argument(key, value)),
      },
    ],
  };
}

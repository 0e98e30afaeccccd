import { join } from "node:path";
import type { Cluster } from "./paths";
import { authorityFolder } from "../machines/certificates";
import type { Network } from "../machines/network";
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
  cluster: Cluster,
  ports: ClusterPorts,
  metrics: MetricsOptions | undefined,
  controllerManager: Record<string, string>,
  network?: Network,
): object {
  const argument = (key: string, value: string) => ({ key, value });
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      bindAddress: "127.0.0.1",
      nodeLeaseDurationSeconds,
      ...ports,
      ...metricsServerOptions(metrics, cluster.folder),
      ...(network === undefined ? {} : { kubeApiserverCertSANs: serverNames(network) }),
    },
    componentsPatches: [
      {
        name: "kube-apiserver",
        extraArgs: [
          argument("service-cluster-ip-range", serviceRange),
          argument("anonymous-auth", "false"),
          ...Object.entries(network === undefined ? {} : forMachines(cluster, network)).map(
            ([key, value]) => argument(key, value),
          ),
        ],
      },
      ...(network === undefined ? [] : [{ name: "kwok-controller", extraArgs: simulatedOnly }]),
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

/** Left alone, kwok plays the kubelet of every node. */
const simulatedOnly = [
  { key: "manage-all-nodes", value: "false" },
  { key: "manage-nodes-with-annotation-selector", value: "kwok.x-k8s.io/node=fake" },
];

/** Names by which pods reach the API server. */
function serverNames({ gateway }: Network): string[] {
  const name = "kubernetes.default.svc";
  return [gateway, "10.96.0.1", "kubernetes", "kubernetes.default", name, `${name}.cluster.local`];
}

/** What an API server needs to know of real machines: how they reach it, and how it reaches them. */
function forMachines(cluster: Cluster, { gateway }: Network): Record<string, string> {
  const authority = authorityFolder(cluster);
  return {
    "advertise-address": gateway,
    "kubelet-preferred-address-types": "InternalIP",
    "kubelet-client-certificate": join(authority, "admin.crt"),
    "kubelet-client-key": join(authority, "admin.key"),
    // It is not a machine, so that no kube-proxy leads it to a Service's pods.
    "enable-aggregator-routing": "true",
  };
}

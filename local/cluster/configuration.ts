import { join } from "node:path";
import type { Cluster } from "./paths";
import { authorityFolder } from "../machines/certificates";
import type { Network } from "../machines/network";
import { metricsServerOptions, quickAutoscaler, type MetricsOptions } from "./metrics";
import type { ClusterPorts } from "./ports";

/** Service addresses: enough for thousands, while the default has room for 250. */
const serviceRange = "10.96.0.0/16";

/**
 * Seconds after which another controller may simulate a node whose controller has ended; kwok multiplies it by 5, its
 * heartbeat factor. That makes 20 s instead of 200, so that pods restart soon after this computer is switched on again.
 */
const nodeLeaseDurationSeconds = 4;

/** Returns kwokctl's configuration for a cluster. */
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
          ...(network === undefined ? {} : usualControllers),
          ...(metrics === undefined ? {} : quickAutoscaler),
          ...onlyOne,
          ...controllerManager,
        }).map(([key, value]) => argument(key, value)),
      },
      {
        name: "kube-scheduler",
        extraArgs: Object.entries(onlyOne).map(([key, value]) => argument(key, value)),
      },
    ],
  };
}

/**
 * Options of the controller manager on a cluster with real nodes; kwokctl's own suit simulated nodes. A node
 * that does not respond counts as lost, and autoscalers act, after the default times of Kubernetes. Each
 * controller has its own account, as with kubeadm, so that it has the rights of a usual cluster.
 */
const usualControllers: Record<string, string> = {
  "node-monitor-period": "5s",
  "node-monitor-grace-period": "50s",
  "horizontal-pod-autoscaler-sync-period": "15s",
  "use-service-account-credentials": "true",
};

/**
 * There is only one controller manager and one scheduler, so they need no lease. With a lease, each would
 * exit if it cannot renew it in time on a busy machine, and nothing would start it again.
 */
const onlyOne: Record<string, string> = { "leader-elect": "false" };

/** By default, kwok simulates the kubelet of every node. */
const simulatedOnly = [
  { key: "manage-all-nodes", value: "false" },
  { key: "manage-nodes-with-annotation-selector", value: "kwok.x-k8s.io/node=fake" },
];

/** Common name of the certificate with which kwokctl lets the API server call API extensions. */
const proxyName = "kwok-admin";

/** Returns the names under which pods reach the API server. */
function serverNames({ gateway }: Network): string[] {
  const name = "kubernetes.default.svc";
  return [gateway, "10.96.0.1", "kubernetes", "kubernetes.default", name, `${name}.cluster.local`];
}

/** Returns the API server's options for real nodes: how they reach it, and how it reaches them. */
function forMachines(cluster: Cluster, { gateway }: Network): Record<string, string> {
  const authority = authorityFolder(cluster);
  return {
    "advertise-address": gateway,
    // The nodes reach it on another port, see local/machines/server.ts.
    "endpoint-reconciler-type": "none",
    "kubelet-preferred-address-types": "InternalIP",
    "kubelet-client-certificate": join(authority, "admin.crt"),
    "kubelet-client-key": join(authority, "admin.key"),
    // The API server runs outside the nodes, so no kube-proxy routes its requests to a Service's pods.
    "enable-aggregator-routing": "true",
    // These headers tell servers of API extensions who sent a request. KEDA's server accepts no other identity.
    "requestheader-client-ca-file": join(authority, "ca.crt"),
    "requestheader-allowed-names": proxyName,
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
  };
}

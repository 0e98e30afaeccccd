import { exclusiveTaint } from "../config";
import { lookup } from "../config/lookup";
import { kubeletConfiguration } from "./kubelet";
import { places } from "./paths";
import { yaml, type PlanFile } from "./plan-file";
import { apiPort } from "./ports";
import type { Cluster } from "./read";
import { controlPlaneOf, type Machine } from "./schema/machines";

const apiVersion = "kubeadm.k8s.io/v1beta4";
const socket = "unix:///run/containerd/containerd.sock";

/** Returns the address of the API servers for all clients: that of the load balancer. */
export function endpointOf({ endpoint }: Pick<Cluster, "endpoint">): string {
  const host =
    endpoint.type === "keepalived" ? (endpoint.host ?? endpoint.address) : endpoint.address;
  return `${host}:${endpoint.port}`;
}

/** Returns kubeadm's files for a machine. */
export function kubeadmFiles(cluster: Cluster, name: string, machine: Machine): PlanFile[] {
  const join = yaml(joinConfiguration(name, machine, cluster));
  const files: PlanFile[] = [{ path: places.join, text: join, mode: "600" }];
  if (machine.role === "worker") return files;
  const init = yaml(
    initConfiguration(name, machine, cluster),
    clusterConfiguration(cluster),
    kubeletConfiguration(cluster),
    proxyConfiguration(cluster),
  );
  return [...files, { path: places.init, text: init, mode: "600" }];
}

function initConfiguration(name: string, machine: Machine, cluster: Cluster): object {
  return {
    apiVersion,
    kind: "InitConfiguration",
    nodeRegistration: nodeRegistration(name, machine, cluster),
    localAPIEndpoint: { advertiseAddress: machine.address, bindPort: apiPort },
    patches: { directory: places.patches },
  };
}

function joinConfiguration(name: string, machine: Machine, cluster: Cluster): object {
  return {
    apiVersion,
    kind: "JoinConfiguration",
    nodeRegistration: nodeRegistration(name, machine, cluster),
    discovery: { file: { kubeConfigPath: places.discovery } },
    patches: { directory: places.patches },
    ...(machine.role === "control-plane"
      ? {
          controlPlane: {
            localAPIEndpoint: { advertiseAddress: machine.address, bindPort: apiPort },
          },
        }
      : {}),
  };
}

function nodeRegistration(name: string, machine: Machine, cluster: Cluster): object {
  const labels = nodeLabels(machine, cluster);
  const text = Object.entries(labels)
    .map((pair) => pair.join("="))
    .join(",");
  return {
    name,
    criSocket: socket,
    taints: taints(machine, cluster),
    kubeletExtraArgs: [
      { name: "node-ip", value: machine.address },
      ...(text === "" ? [] : [{ name: "node-labels", value: text }]),
    ],
    imagePullSerial: false,
  };
}

/** Returns the labels of a machine's node: its zone, those of its group and its own. */
export function nodeLabels(
  { zone, group, labels }: Machine,
  { groups }: Pick<Cluster, "groups">,
): Record<string, string> {
  return {
    ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
    ...(group === undefined ? {} : lookup(groups, group)?.labels),
    ...labels,
  };
}

/**
 * Returns the taints of a machine's node. An explicit list replaces kubeadm's own, so it contains the taint of
 * the control plane.
 */
function taints({ role, group, taints: further }: Machine, { groups }: Cluster): object[] {
  const exclusive = group !== undefined && lookup(groups, group)?.exclusive === true;
  return [
    ...(role === "control-plane"
      ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }]
      : []),
    ...(exclusive ? [{ key: exclusiveTaint, value: group, effect: "NoSchedule" }] : []),
    ...further,
  ];
}

/** Returns the configuration that all control-plane machines share. kubeadm stores it in the cluster. */
function clusterConfiguration(cluster: Cluster): object {
  const { name, version, network, images, endpoint, certificateNames } = cluster;
  return {
    apiVersion,
    kind: "ClusterConfiguration",
    clusterName: name,
    kubernetesVersion: `v${version}`,
    controlPlaneEndpoint: endpointOf(cluster),
    imageRepository: images.repository,
    networking: {
      podSubnet: network.pods,
      serviceSubnet: network.services,
      dnsDomain: network.domain,
    },
    apiServer: {
      certSANs: [
        ...new Set([
          endpoint.address,
          ...(endpoint.type === "keepalived" && endpoint.host !== undefined ? [endpoint.host] : []),
          ...controlPlaneOf(cluster).map(([, { address }]) => address),
          ...certificateNames,
        ]),
      ],
      extraArgs: args({
        "admission-control-config-file": places.admission,
        "audit-log-maxage": cluster.audit.days,
        "audit-log-maxbackup": cluster.audit.files,
        "audit-log-maxsize": cluster.audit.megabytes,
        "audit-log-path": `${places.auditLog}/audit.log`,
        "audit-policy-file": places.audit,
        // A Service with externalIPs gets the connections to these addresses from all nodes (CVE-2020-8554).
        "enable-admission-plugins": "NodeRestriction,EventRateLimit,DenyServiceExternalIPs",
        "encryption-provider-config": `${places.encryption}/secrets.yaml`,
        profiling: false,
      }),
      extraVolumes: [
        folder("policy", places.policy),
        folder("encryption", places.encryption),
        { ...folder("audit-log", places.auditLog), readOnly: false, pathType: "DirectoryOrCreate" },
      ],
    },
    controllerManager: {
      extraArgs: args({
        // Prometheus reads the metrics from another machine; the firewall admits machines and pods.
        "bind-address": "0.0.0.0",
        "node-cidr-mask-size": network.nodePrefix,
        profiling: false,
      }),
    },
    scheduler: { extraArgs: args({ "bind-address": "0.0.0.0", profiling: false }) },
    etcd: {
      local: {
        dataDir: "/var/lib/etcd",
        extraArgs: args({
          "listen-metrics-urls": "http://0.0.0.0:2381",
          // With the default of 2 GiB, etcd would become read-only in a cluster with thousands of pods.
          "quota-backend-bytes": 8 * 1024 ** 3,
        }),
      },
    },
  };
}

function folder(name: string, path: string) {
  return { name, hostPath: path, mountPath: path, readOnly: true, pathType: "Directory" };
}

function args(
  values: Record<string, string | number | boolean>,
): { name: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

function proxyConfiguration({ network }: Cluster): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: network.proxy,
    clusterCIDR: network.pods,
    metricsBindAddress: "0.0.0.0:10249",
    ...(network.proxy === "ipvs" ? { ipvs: { strictARP: true } } : {}),
  };
}

import { stringify } from "yaml";
import { mirrorPort } from "./ports";
import type { Network } from "./network";

/** Address of the cluster's DNS server. */
export const dnsAddress = "10.96.0.10";

/** Image of every pod's pause container, which holds its namespaces. */
export const pauseImage = "registry.k8s.io/pause:3.10.1";

/** Key of the label of every node of a cluster with real ones. */
export const machineKey = "platform/machine";

/** Label of the nodes that run real pods. */
export const machineLabel = { [machineKey]: "real" };

/** Returns the files of a node's /etc, by path. */
export function settings(
  network: Network,
  node: { pods: string; zone: string },
  cgroup: string,
  kubeconfigs: { kubelet: string; proxy: string; authority: string },
): Record<string, string> {
  return {
    "containerd/config.toml": containerd,
    "containerd/certs.d/_default/hosts.toml": `[host."http://${network.gateway}:${mirrorPort}"]\n  capabilities = ["pull", "resolve"]\n`,
    "cni/net.d/10-pods.conflist": `${JSON.stringify(podNetwork(node.pods), null, 2)}\n`,
    "kubernetes/kubelet.yaml": stringify(kubelet(cgroup)),
    "kubernetes/kubelet.conf": kubeconfigs.kubelet,
    "kubernetes/kube-proxy.yaml": stringify(proxy(network)),
    "kubernetes/kube-proxy.conf": kubeconfigs.proxy,
    "kubernetes/ca.crt": kubeconfigs.authority,
    "kubernetes/labels": Object.entries({
      ...machineLabel,
      "topology.kubernetes.io/zone": node.zone,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    hosts: "127.0.0.1 localhost\n",
    passwd: "root:x:0:0:root:/root:/bin/bash\n",
    group: "root:x:0:\n",
    "resolv.conf": "",
  };
}

const containerd = `version = 3

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "${pauseImage}"
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        SystemdCgroup = false
`;

/**
 * Returns the CNI configuration: a link from each pod to its node without a bridge, so that every packet between pods
 * passes through the node's forward chain, where network policies apply.
 */
function podNetwork(subnet: string): object {
  return {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      {
        type: "ptp",
        ipam: {
          type: "host-local",
          ranges: [[{ subnet }]],
          routes: [{ dst: "0.0.0.0/0" }],
          // Deleted with the node, like its pods' namespaces.
          dataDir: "/run/cni",
        },
      },
    ],
  };
}

function kubelet(cgroupRoot: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    failCgroupV1: false,
    cgroupDriver: "cgroupfs",
    cgroupRoot,
    enforceNodeAllocatable: [],
    // The kubelet cannot lower an out-of-memory score or change kernel settings here.
    featureGates: { KubeletInUserNamespace: true },
    resolvConf: "",
    clusterDNS: [dnsAddress],
    clusterDomain: "cluster.local",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/etc/kubernetes/ca.crt" },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    failSwapOn: false,
    serializeImagePulls: false,
    // The disk belongs to the developer, who decides what to delete.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%" },
    nodeStatusUpdateFrequency: "5s",
  };
}

function proxy({ pods }: Network): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clusterCIDR: pods,
    clientConnection: { kubeconfig: "/etc/kubernetes/kube-proxy.conf" },
    // The kernel's table sizes belong to this machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

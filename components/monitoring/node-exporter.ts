import type { Resources } from "../../config";
import type { Part } from "../shared/context";
import type { PartContainer } from "../shared/pod-template";
import { containerSecurityContext } from "../shared/pods";
import { daemonSet } from "../shared/workload";

const name = "node-exporter";
const port = 9100;

/** File systems and network devices of containers, which come and go; cAdvisor exports them. */
const ignored = {
  mountPoints:
    "^/(dev|proc|sys|run/(containerd|k3s/containerd|credentials)/.+|var/lib/(containerd|docker|kubelet/(pods|plugins))/.+)($|/)",
  fileSystems:
    "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|erofs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs)$",
  devices: "^(cali|cilium_|flannel|genev|kube-|lxc|nodelocaldns|tap|veth|[a-f0-9]{15}).*$",
};

/** Declares node-exporter, which exports the state of every node, including those with taints. */
export function nodeExporter(part: Part, { resources }: { resources: Resources }): void {
  daemonSet(part, {
    name,
    user: 65_534,
    containers: [container(resources)],
    volumes: [
      { name: "proc", hostPath: { path: "/proc" } },
      { name: "sys", hostPath: { path: "/sys" } },
      { name: "root", hostPath: { path: "/" } },
    ],
    metrics: { port },
    spec: {
      // Exports the devices and processes of the node, not of the pod.
      hostNetwork: true,
      hostPID: true,
      nodeSelector: { "kubernetes.io/os": "linux" },
    },
    network: "host",
  });
}

function container(resources: Resources): PartContainer {
  // An endpoint that runs no collector, so that a slow disk does not restart the pod.
  const probe = { httpGet: { path: "/", port: "metrics" } };
  const mount = (volume: string) => ({
    name: volume,
    mountPath: `/host/${volume}`,
    mountPropagation: "HostToContainer",
    readOnly: true,
  });
  return {
    name,
    image: "nodeExporter",
    args: [
      `--web.listen-address=[$(HOST_IP)]:${port}`,
      "--path.procfs=/host/proc",
      "--path.sysfs=/host/sys",
      "--path.rootfs=/host/root",
      "--path.udev.data=/host/root/run/udev/data",
      "--no-collector.wifi",
      "--no-collector.hwmon",
      "--no-collector.btrfs",
      `--collector.filesystem.mount-points-exclude=${ignored.mountPoints}`,
      `--collector.filesystem.fs-types-exclude=${ignored.fileSystems}`,
      `--collector.netclass.ignored-devices=${ignored.devices}`,
      `--collector.netdev.device-exclude=${ignored.devices}`,
    ],
    env: [{ name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
    ports: [{ name: "metrics", containerPort: port, hostPort: port }],
    livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    resources,
    securityContext: {
      ...containerSecurityContext,
      // The runtime's seccomp profile allows reading the clock's state only with this capability.
      capabilities: { ...containerSecurityContext.capabilities, add: ["SYS_TIME"] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: ["proc", "sys", "root"].map(mount),
  };
}

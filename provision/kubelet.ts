import { addressIn } from "../config/addresses";
import { places } from "./paths";
import { yaml, type PlanFile } from "./plan-file";
import type { Cluster } from "./read";
import type { Machine } from "./schema/machines";

const identity = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };

/** Returns the configuration that all kubelets of the cluster share. kubeadm stores it in the cluster. */
export function kubeletConfiguration({ kubelet, network }: Cluster): object {
  const { reserved, containerLogs, swap, evictionMemory, evictionDiskPercent } = kubelet;
  const disk = `${evictionDiskPercent}%`;
  return {
    ...identity,
    cgroupDriver: "systemd",
    clusterDNS: [addressIn(network.services, 10)],
    clusterDomain: network.domain,
    // Certificates are renewed before they expire. The cluster signs server certificates, so that clients can
    // verify them.
    rotateCertificates: true,
    serverTLSBootstrap: true,
    protectKernelDefaults: true,
    readOnlyPort: 0,
    maxPods: kubelet.maxPods,
    podPidsLimit: 4096,
    systemReserved: reserved.system,
    kubeReserved: reserved.kubernetes,
    evictionHard: {
      "memory.available": evictionMemory,
      "nodefs.available": disk,
      "nodefs.inodesFree": "5%",
      "imagefs.available": disk,
    },
    containerLogMaxSize: containerLogs.size,
    containerLogMaxFiles: containerLogs.files,
    failSwapOn: swap === "off",
    memorySwap: { swapBehavior: swap === "off" ? "NoSwap" : "LimitedSwap" },
    // The preStop hooks of pods run when a machine is shut down.
    shutdownGracePeriod: "90s",
    shutdownGracePeriodCriticalPods: "30s",
  };
}

/**
 * Returns the resources that are reserved on one machine, as a patch for kubeadm. It always exists, because
 * kubeadm refuses an empty folder.
 */
export function kubeletPatch({ kubelet }: Cluster, { reserved }: Machine): PlanFile {
  const path = `${places.patches}/kubeletconfiguration0+strategic.yaml`;
  return { path, text: yaml({ ...identity, systemReserved: reserved ?? kubelet.reserved.system }) };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { objectLabels } from "../shared/labels";

/** Arguments of every driver. */
export interface DriverArgs {
  /** The part of the platform that the drivers belong to. */
  part: Part;
  /** Number of controller pods; one is the leader, and the others wait. */
  replicas: number;
  /** The kubelet's folder on every node, for example `/var/lib/kubelet`. */
  kubeletDirectory: string;
  /** Labels of the nodes that the driver runs on; empty for all nodes. */
  nodeLabels: Record<string, string>;
  /** CRDs that must exist before the driver takes snapshots. Default: no snapshots. */
  snapshots?: { definitions: pulumi.Resource[] };
}

/** Namespace of the drivers, and of the Secrets with their credentials. */
export const storageNamespace = "storage";

/** The two kinds of Ceph volumes. */
export type CephKind = "rbd" | "cephfs";

/** Names of the drivers in StorageClasses and at the kubelets. */
export const driverNames = {
  nfs: "nfs.csi.k8s.io",
  rbd: "rbd.csi.ceph.com",
  cephfs: "cephfs.csi.ceph.com",
} as const;

/** Key of a driver, which is part of its objects' names. */
export type DriverKey = keyof typeof driverNames;

/** TCP ports of a controller's containers. A pod in the host network shares its node's ports. */
export interface ControllerPorts {
  /** Health and metrics of the driver. */
  driver: number;
  provisioner: number;
  resizer: number;
  snapshotter: number;
  /** Only for a driver whose volumes are attached to a node before they are mounted. */
  attacher?: number;
}

/** TCP ports of the containers on a node. */
export interface NodePorts {
  /** Health and metrics of the driver. */
  driver: number;
  registrar: number;
}

/** Returns the name of a driver's controller, or of its pods on the nodes. */
export function workloadName(key: DriverKey, role: "controller" | "node"): string {
  return `csi-${key}-${role}`;
}

/** Declares the CSIDriver, which describes how the driver's volumes are attached and mounted. */
export function csiDriver(
  key: DriverKey,
  spec: { attachRequired: boolean; seLinuxMount: boolean },
  { parent }: Part,
): k8s.storage.v1.CSIDriver {
  const name = driverNames[key];
  return new k8s.storage.v1.CSIDriver(
    name,
    {
      metadata: { name, labels: objectLabels(name, "storage") },
      spec: {
        ...spec,
        podInfoOnMount: false,
        // The kubelet changes the group of files to a pod's fsGroup, which some exports do not allow (root_squash).
        fsGroupPolicy: "File",
        volumeLifecycleModes: ["Persistent"],
      },
    },
    // Both fields are immutable, and a driver has a fixed name.
    {
      parent,
      replaceOnChanges: ["spec.attachRequired", "spec.volumeLifecycleModes"],
      deleteBeforeReplace: true,
    },
  );
}

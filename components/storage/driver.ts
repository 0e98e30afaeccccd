import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { objectLabels, selectorLabels } from "../shared/labels";

/** What every driver is declared with. */
export interface DriverArgs {
  /** The part of the platform that the drivers are. */
  part: Part;
  namespace: pulumi.Input<string>;
  /** Pods of the controller; one leads, the others wait. */
  replicas: number;
  /** The kubelet's folder on every node, for example `/var/lib/kubelet`. */
  kubeletDirectory: string;
  /** Labels of the nodes that the driver runs on. */
  nodeLabels: Record<string, string>;
  /** What snapshots need in place before a driver takes them; without it, it takes none. */
  snapshots?: { definitions: pulumi.Resource[] };
}

/** Namespace of the drivers, and of the Secrets by which they reach the storage. */
export const storageNamespace = "storage";

/** The two kinds of volumes that Ceph has. */
export type CephKind = "rbd" | "cephfs";

/** Names by which StorageClasses and kubelets know the drivers. */
export const driverNames = {
  nfs: "nfs.csi.k8s.io",
  rbd: "rbd.csi.ceph.com",
  cephfs: "cephfs.csi.ceph.com",
} as const;

/** One of the drivers, by the word that stands in its objects' names. */
export type DriverKey = keyof typeof driverNames;

/** TCP ports of a controller's containers. A pod in its node's network shares them with all others there. */
export interface ControllerPorts {
  /** Health and metrics of the driver itself. */
  driver: number;
  provisioner: number;
  resizer: number;
  snapshotter: number;
  /** Only of a driver whose volumes are attached to a node before they are mounted. */
  attacher?: number;
}

/** TCP ports of the containers on a node. */
export interface NodePorts {
  /** Health and metrics of the driver itself. */
  driver: number;
  registrar: number;
}

/** Names and labels of a driver's controller, or of its pods on the nodes. */
export function workloadNames(
  key: DriverKey,
  role: "controller" | "node",
): { name: string; selector: Record<string, string>; labels: Record<string, string> } {
  const name = `csi-${key}-${role}`;
  return { name, selector: selectorLabels(name), labels: objectLabels(name, "storage") };
}

/** What the cluster is told about a driver: how its volumes come to the pods. */
export function csiDriver(
  key: DriverKey,
  spec: { attachRequired: boolean; seLinuxMount: boolean },
  parent: pulumi.Resource,
): k8s.storage.v1.CSIDriver {
  const name = driverNames[key];
  return new k8s.storage.v1.CSIDriver(
    name,
    {
      metadata: { name, labels: objectLabels(name, "storage") },
      spec: {
        ...spec,
        podInfoOnMount: false,
        // The kubelet hands files over to a pod's fsGroup; not every export lets it (root_squash).
        fsGroupPolicy: "File",
        volumeLifecycleModes: ["Persistent"],
      },
    },
    // The API server refuses to change these two, and a driver has one name.
    {
      parent,
      replaceOnChanges: ["spec.attachRequired", "spec.volumeLifecycleModes"],
      deleteBeforeReplace: true,
    },
  );
}

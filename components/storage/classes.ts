import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CephConfig, CephFsClass, NfsExport, RbdClass } from "../../config";
import { objectLabels } from "../shared/labels";
import { driverNames } from "./driver";

/** Annotation of the default StorageClass. */
const defaultAnnotation = "storageclass.kubernetes.io/is-default-class";

/** Fields in which StorageClasses differ. */
export interface ClassSpec {
  provisioner: (typeof driverNames)[keyof typeof driverNames];
  parameters: Record<string, pulumi.Input<string>>;
  mountOptions: string[];
  reclaimPolicy: "Delete" | "Retain";
}

/** Operations for which ceph-csi needs a user, with any kind of volume. */
const cephPurposes = ["provisioner", "controller-expand", "controller-publish", "node-stage"];

/** Secret with the user and key of a Ceph cluster. */
export interface SecretReference {
  name: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
}

/** Returns a class for volumes as folders of an NFS export. */
export function nfsClass(target: NfsExport): ClassSpec {
  const { server, share, onDelete, mountOptions, reclaimPolicy } = target;
  return {
    provisioner: driverNames.nfs,
    parameters: { server, share, onDelete },
    mountOptions,
    reclaimPolicy,
  };
}

/** Returns a class for volumes as images of a Ceph pool: block devices. */
export function rbdClass(
  { clusterId }: CephConfig,
  target: RbdClass,
  secret: SecretReference,
): ClassSpec {
  return {
    provisioner: driverNames.rbd,
    parameters: {
      clusterID: clusterId,
      pool: target.pool,
      ...(target.dataPool === undefined ? {} : { dataPool: target.dataPool }),
      imageFeatures: target.imageFeatures.join(","),
      "csi.storage.k8s.io/fstype": target.fileSystem,
      ...secretParameters(cephPurposes, secret),
    },
    mountOptions: target.mountOptions,
    reclaimPolicy: target.reclaimPolicy,
  };
}

/** Returns a class for volumes as folders of a CephFS file system. */
export function cephFsClass(
  { clusterId }: CephConfig,
  target: CephFsClass,
  secret: SecretReference,
): ClassSpec {
  return {
    provisioner: driverNames.cephfs,
    parameters: {
      clusterID: clusterId,
      fsName: target.fileSystem,
      ...(target.pool === undefined ? {} : { pool: target.pool }),
      ...secretParameters(cephPurposes, secret),
    },
    mountOptions: target.mountOptions,
    reclaimPolicy: target.reclaimPolicy,
  };
}

/** Returns the parameters that name a Secret for each operation; the sidecars pass it to the driver. */
export function secretParameters(
  purposes: string[],
  { name, namespace }: SecretReference,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    purposes.flatMap((purpose): [string, pulumi.Input<string>][] => [
      [`csi.storage.k8s.io/${purpose}-secret-name`, name],
      [`csi.storage.k8s.io/${purpose}-secret-namespace`, namespace],
    ]),
  );
}

/**
 * Declares a StorageClass. Most of its fields are immutable, so a change replaces it by another one with the same name;
 * existing volumes keep their settings.
 * @param isDefault whether it is used for claims that name no class.
 * @param driver resources that must exist as long as volumes do.
 */
export function storageClass(
  name: string,
  spec: ClassSpec,
  {
    isDefault,
    driver,
    parent,
  }: { isDefault: boolean; driver: pulumi.Resource[]; parent: pulumi.Resource },
): k8s.storage.v1.StorageClass {
  return new k8s.storage.v1.StorageClass(
    name,
    {
      metadata: {
        name,
        labels: objectLabels(name, "storage"),
        ...(isDefault ? { annotations: { [defaultAnnotation]: "true" } } : {}),
      },
      ...spec,
      volumeBindingMode: "Immediate",
      allowVolumeExpansion: true,
    },
    {
      parent,
      dependsOn: driver,
      replaceOnChanges: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
      deleteBeforeReplace: true,
    },
  );
}

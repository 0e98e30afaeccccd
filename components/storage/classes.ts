import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CephConfig, CephFsClass, NfsExport, RbdClass } from "../../config";
import { objectLabels } from "../shared/labels";
import { driverNames } from "./driver";

/** Annotation of the class of claims that name none. */
const defaultAnnotation = "storageclass.kubernetes.io/is-default-class";

/** What distinguishes one StorageClass from another. */
export interface ClassSpec {
  provisioner: (typeof driverNames)[keyof typeof driverNames];
  parameters: Record<string, pulumi.Input<string>>;
  mountOptions: string[];
  reclaimPolicy: "Delete" | "Retain";
}

/** What ceph-csi needs a user for, whatever the kind of volume. */
const cephPurposes = ["provisioner", "controller-expand", "controller-publish", "node-stage"];

/** Where a driver finds the user and the key of a Ceph cluster. */
export interface SecretReference {
  name: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
}

/** Volumes as folders of an NFS export. */
export function nfsClass(target: NfsExport): ClassSpec {
  const { server, share, onDelete, mountOptions, reclaimPolicy } = target;
  return {
    provisioner: driverNames.nfs,
    parameters: { server, share, onDelete },
    mountOptions,
    reclaimPolicy,
  };
}

/** Volumes as images of a Ceph pool: block devices. */
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

/** Volumes as folders of a CephFS file system. */
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

/** The parameters by which the sidecars hand a Secret to the driver, one pair per purpose. */
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
 * A StorageClass. Most of it never changes while it lives, so other settings are another class of
 * the same name; volumes that exist keep the settings that they were made with.
 * @param isDefault whether claims that name no class get this one.
 * @param driver what must be in place while there are volumes of it.
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

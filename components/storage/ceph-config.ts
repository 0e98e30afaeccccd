import type { CephConfig, CephUser } from "../../config";
import { storageNamespace, type CephKind } from "./driver";

/** Files that the drivers of Ceph read, by name. */
export interface CephFiles extends Record<string, string> {
  "config.json": string;
  "cluster-mapping.json": string;
  "ceph.conf": string;
  keyring: string;
}

/** A cluster in the format of ceph-csi's `config.json`. */
export interface CsiCluster {
  clusterID: string;
  monitors: string[];
  rbd?: { radosNamespace: string };
  cephFS?: {
    subvolumeGroup: string;
    /** The Secret for attaching volumes that were created before their class named one for that. */
    controllerPublishSecretRef: { name: string; namespace: string };
  };
}

/** Returns the name of the Secret with the user and key for a kind of volumes. */
export function userSecretName(kind: CephKind, user: CephUser): string {
  return "secret" in user ? user.secret : `ceph-${kind}`;
}

/** Returns where the cluster is, and in which part of it volumes are created. */
export function csiCluster({ clusterId, monitors, rbd, cephfs }: CephConfig): CsiCluster {
  return {
    clusterID: clusterId,
    monitors,
    ...(rbd?.radosNamespace === undefined ? {} : { rbd: { radosNamespace: rbd.radosNamespace } }),
    ...(cephfs === undefined ? {} : { cephFS: cephFsPart(cephfs) }),
  };
}

function cephFsPart({ subvolumeGroup, user }: NonNullable<CephConfig["cephfs"]>) {
  const name = userSecretName("cephfs", user);
  return { subvolumeGroup, controllerPublishSecretRef: { name, namespace: storageNamespace } };
}

/** Both sides of every connection must authenticate. */
const authentication = {
  auth_cluster_required: "cephx",
  auth_service_required: "cephx",
  auth_client_required: "cephx",
};

/** Returns the files of the drivers. None contains a key: keys come from Secrets with every call. */
export function cephFiles(config: CephConfig): CephFiles {
  return {
    "config.json": JSON.stringify([csiCluster(config)]),
    // Other clusters whose volumes this one has taken over: none.
    "cluster-mapping.json": "[]",
    "ceph.conf": ini("global", authentication),
    // If it is missing, the driver tries to create it in a read-only folder.
    keyring: "",
  };
}

function ini(section: string, values: Record<string, string>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
  return [`[${section}]`, ...lines, ""].join("\n");
}

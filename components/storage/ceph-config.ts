import type { CephConfig, CephUser } from "../../config";
import { storageNamespace, type CephKind } from "./driver";

/** Files that the drivers of Ceph read, by name. */
export interface CephFiles extends Record<string, string> {
  "config.json": string;
  "cluster-mapping.json": string;
  "ceph.conf": string;
  keyring: string;
}

/** One cluster as ceph-csi reads it from `config.json`. */
export interface CsiCluster {
  clusterID: string;
  monitors: string[];
  rbd?: { radosNamespace: string };
  cephFS?: {
    subvolumeGroup: string;
    /** By which volumes are attached that were made before their class named a Secret for that. */
    controllerPublishSecretRef: { name: string; namespace: string };
  };
}

/** Name of the Secret with the user and the key of a kind of volumes. */
export function userSecretName(kind: CephKind, user: CephUser): string {
  return "secret" in user ? user.secret : `ceph-${kind}`;
}

/** Where the cluster is, and in which part of it volumes are made. */
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

/** Every side of a connection must prove who it is. */
const authentication = {
  auth_cluster_required: "cephx",
  auth_service_required: "cephx",
  auth_client_required: "cephx",
};

/** The drivers' files. None holds a key: keys come with every call, from Secrets. */
export function cephFiles(config: CephConfig): CephFiles {
  return {
    "config.json": JSON.stringify([csiCluster(config)]),
    // Names of other clusters whose volumes this one took over; there are none.
    "cluster-mapping.json": "[]",
    "ceph.conf": ini("global", authentication),
    // Where it is missing, the driver tries to make it, in a folder that it cannot write to.
    keyring: "",
  };
}

function ini(section: string, values: Record<string, string>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
  return [`[${section}]`, ...lines, ""].join("\n");
}

import type { Rule } from "../shared/service-account";

const read = ["get", "list", "watch"];
const change = ["create", "update", "patch"];

/** Rights of a controller's sidecars in the whole cluster. */
export function controllerClusterRules({
  attaches,
  snapshots,
}: {
  /**
   * Whether the driver advertises PUBLISH_UNPUBLISH_VOLUME. The provisioner then does nothing until it has listed the
   * VolumeAttachments, and its health endpoint does not show that.
   */
  attaches: boolean;
  snapshots: boolean;
}): Rule[] {
  return [
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...read, ...change, "delete"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...read, "update"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims/status"], verbs: ["update", "patch"] },
    { apiGroups: [""], resources: ["nodes"], verbs: read },
    { apiGroups: [""], resources: ["events"], verbs: [...read, ...change] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "csinodes"], verbs: read },
    ...(attaches ? attacherRules : []),
    ...(snapshots ? snapshotterRules : []),
  ];
}

/** Rights of a controller's sidecars in their own namespace: leader election, and the keys of the storage. */
export const controllerRules: Rule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...read, ...change, "delete"],
  },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
];

/** Rights of the drivers on the nodes; that of NFS does not call the API server. */
export const nodeClusterRules: { rbd: Rule[]; cephfs: Rule[] } = {
  rbd: [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    // After a restart it looks for volumes whose mounts ended with the previous pod.
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get"] },
    { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments"], verbs: ["get", "list"] },
  ],
  cephfs: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
};

const attacherRules: Rule[] = [
  {
    apiGroups: ["storage.k8s.io"],
    resources: ["volumeattachments"],
    verbs: [...read, "patch"],
  },
  { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments/status"], verbs: ["patch"] },
];

const group = "snapshot.storage.k8s.io";

const snapshotterRules: Rule[] = [
  { apiGroups: [group], resources: ["volumesnapshotclasses"], verbs: read },
  // The provisioner protects a snapshot from deletion while it creates a volume from it.
  { apiGroups: [group], resources: ["volumesnapshots"], verbs: [...read, "update"] },
  {
    apiGroups: [group],
    resources: ["volumesnapshotcontents"],
    verbs: [...read, "update", "patch"],
  },
  {
    apiGroups: [group],
    resources: ["volumesnapshotcontents/status"],
    verbs: ["update", "patch"],
  },
];

/** Rights of the snapshot controller, which binds snapshots to their contents. */
export const snapshotControllerRules: Rule[] = [
  { apiGroups: [""], resources: ["persistentvolumes"], verbs: read },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...read, "update"] },
  { apiGroups: [""], resources: ["events"], verbs: [...read, ...change] },
  { apiGroups: [group], resources: ["volumesnapshotclasses"], verbs: read },
  {
    apiGroups: [group],
    resources: ["volumesnapshots", "volumesnapshotcontents"],
    verbs: [...read, ...change, "delete"],
  },
  {
    apiGroups: [group],
    resources: ["volumesnapshots/status", "volumesnapshotcontents/status"],
    verbs: ["update", "patch"],
  },
];

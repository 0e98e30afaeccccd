import { events, leases, need, read, watch, type AccountNeeds, type Need } from "./account-need";

/** csi-provisioner v6.3.0 and csi-resizer v2.2.0, next to every driver. */
const provisioner: Need[] = [
  ...need("", ["persistentvolumes"], [...read, "create", "patch", "delete"]),
  ...need("", ["persistentvolumeclaims"], read),
  ...need("", ["persistentvolumeclaims/status"], ["patch"]),
  ...need("", ["nodes"], watch),
  ...need("storage.k8s.io", ["storageclasses", "csinodes"], watch),
  ...events,
  ...leases("storage"),
  ...need("", ["secrets"], ["get"], { namespace: "storage" }),
];
/** csi-attacher v4.12.0, and the provisioner, which waits for attachments if the driver publishes volumes. */
const attacher: Need[] = [
  ...need("storage.k8s.io", ["volumeattachments"], [...read, "patch"]),
  ...need("storage.k8s.io", ["volumeattachments/status"], ["patch"]),
];
const snapshots = "snapshot.storage.k8s.io";
/** csi-snapshotter v8.6.0 */
const snapshotter: Need[] = [
  ...need(snapshots, ["volumesnapshotclasses"], watch),
  ...need(snapshots, ["volumesnapshotcontents"], [...read, "update", "patch"]),
  ...need(snapshots, ["volumesnapshotcontents/status"], ["update", "patch"]),
];

/** The service accounts of storage, by name. */
export const storageAccounts: Record<string, AccountNeeds> = {
  "snapshot-controller": {
    namespace: "storage",
    source: "external-snapshotter v8.5.0 pkg/common-controller",
    needs: [
      ...need("", ["persistentvolumes"], watch),
      ...need("", ["persistentvolumeclaims"], [...watch, "update"]),
      ...need(snapshots, ["volumesnapshotclasses"], watch),
      ...need(
        snapshots,
        ["volumesnapshotcontents", "volumesnapshots"],
        [...read, "create", "update", "patch", "delete"],
      ),
      ...need(
        snapshots,
        ["volumesnapshotcontents/status", "volumesnapshots/status"],
        ["update", "patch"],
      ),
      ...events,
      ...leases("storage"),
    ],
  },
  "csi-rbd-controller": {
    namespace: "storage",
    source:
      "csi-provisioner v6.3.0, csi-resizer v2.2.0, csi-attacher v4.12.0, csi-snapshotter v8.6.0",
    needs: [...provisioner, ...attacher, ...snapshotter],
  },
  "csi-cephfs-controller": {
    namespace: "storage",
    source: "the same; ceph-csi v3.17.0 publishes CephFS volumes too",
    needs: [...provisioner, ...attacher, ...snapshotter],
  },
  "csi-nfs-controller": {
    namespace: "storage",
    source: "csi-provisioner v6.3.0, csi-resizer v2.2.0",
    needs: provisioner,
  },
  "csi-rbd-node": {
    namespace: "storage",
    source: "ceph-csi v3.17.0 internal/rbd/rbd_healer.go",
    needs: [
      ...need("", ["nodes", "persistentvolumes"], ["get"]),
      ...need("storage.k8s.io", ["volumeattachments"], ["list"]),
    ],
  },
  "csi-cephfs-node": {
    namespace: "storage",
    source: "ceph-csi v3.17.0 internal/csi-common/driver.go: topology by node labels",
    needs: need("", ["nodes"], ["get"]),
  },
  "csi-nfs-node": {
    namespace: "storage",
    source: "csi-driver-nfs v4.13.4 asks nothing",
    needs: [],
  },
};

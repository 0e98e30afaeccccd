/** A request of the process behind a ServiceAccount to the API server, and its source. */
export interface NeededRight {
  /** Name of the ServiceAccount, in namespace `storage`. */
  account: string;
  /** Whether the request is for the whole cluster, or for the account's own namespace. */
  scope: "cluster" | "namespace";
  apiGroup: string;
  /** Resource, with a subresource after a slash. */
  resource: string;
  verbs: readonly string[];
  /** The container that sends it, and the file that shows it, at the pinned version. */
  source: string;
}

const storage = "storage.k8s.io";
const snapshot = "snapshot.storage.k8s.io";
const watch = ["get", "list", "watch"] as const;

type Right = Omit<NeededRight, "account">;

function of(source: string, scope: NeededRight["scope"], rows: [string, string, string[]][]) {
  return rows.map(([apiGroup, resource, verbs]): Right => ({
    scope,
    apiGroup,
    resource,
    verbs,
    source,
  }));
}

const provisioner = "csi-provisioner: external-provisioner v6.3.0 deploy/kubernetes/rbac.yaml";
const provisionerRights: Right[] = [
  ...of(provisioner, "cluster", [
    ["", "persistentvolumes", [...watch, "create", "patch", "delete"]],
    ["", "persistentvolumeclaims", [...watch, "update"]],
    ["", "nodes", [...watch]],
    ["", "events", ["list", "watch", "create", "update", "patch"]],
    [storage, "storageclasses", [...watch]],
    [storage, "csinodes", [...watch]],
  ]),
  ...of(provisioner, "namespace", [
    ["", "secrets", ["get"]],
    ["coordination.k8s.io", "leases", [...watch, "create", "update", "delete"]],
  ]),
];

/**
 * The informer of a driver that advertises PUBLISH_UNPUBLISH_VOLUME. The provisioner waits for it before it does
 * anything (cmd/csi-provisioner/csi-provisioner.go:684), unlike its health endpoint.
 */
const publishes = of(
  "csi-provisioner: external-provisioner v6.3.0 cmd/csi-provisioner/csi-provisioner.go:314",
  "cluster",
  [[storage, "volumeattachments", [...watch]]],
);

const resizerRights = of(
  "csi-resizer: external-resizer v2.2.0 deploy/kubernetes/rbac.yaml (without pods: --handle-volume-inuse-error=false)",
  "cluster",
  [
    ["", "persistentvolumes", [...watch, "patch"]],
    ["", "persistentvolumeclaims", [...watch]],
    ["", "persistentvolumeclaims/status", ["patch"]],
  ],
);

const attacherRights = of(
  "csi-attacher: external-attacher v4.12.0 deploy/kubernetes/rbac.yaml",
  "cluster",
  [
    ["", "persistentvolumes", [...watch, "patch"]],
    [storage, "csinodes", [...watch]],
    [storage, "volumeattachments", [...watch, "patch"]],
    [storage, "volumeattachments/status", ["patch"]],
  ],
);

const snapshotterRights = of(
  "csi-snapshotter: external-snapshotter v8.6.0 deploy/kubernetes/csi-snapshotter/rbac-csi-snapshotter.yaml, and csi-provisioner for volumes from snapshots",
  "cluster",
  [
    [snapshot, "volumesnapshotclasses", [...watch]],
    [snapshot, "volumesnapshotcontents", [...watch, "update", "patch"]],
    [snapshot, "volumesnapshotcontents/status", ["update", "patch"]],
    [snapshot, "volumesnapshots", [...watch, "update"]],
  ],
);

const snapshotControllerRights: Right[] = [
  ...of(
    "external-snapshotter v8.5.0 deploy/kubernetes/snapshot-controller/rbac-snapshot-controller.yaml",
    "cluster",
    [
      ["", "persistentvolumes", [...watch]],
      ["", "persistentvolumeclaims", [...watch, "update"]],
      ["", "events", ["list", "watch", "create", "update", "patch"]],
      [snapshot, "volumesnapshotclasses", [...watch]],
      [snapshot, "volumesnapshotcontents", [...watch, "create", "update", "patch", "delete"]],
      [snapshot, "volumesnapshotcontents/status", ["patch"]],
      [snapshot, "volumesnapshots", [...watch, "create", "update", "patch", "delete"]],
      [snapshot, "volumesnapshots/status", ["update", "patch"]],
    ],
  ),
  ...of("external-snapshotter v8.5.0 rbac-snapshot-controller.yaml", "namespace", [
    ["coordination.k8s.io", "leases", [...watch, "create", "update", "delete"]],
  ]),
];

const rbdNodeRights = of(
  "ceph-csi: deploy/rbd/kubernetes/csi-nodeplugin-rbac.yaml; the healer of lost mounts lists attachments",
  "cluster",
  [
    ["", "nodes", ["get"]],
    ["", "persistentvolumes", ["get"]],
    [storage, "volumeattachments", ["get", "list"]],
  ],
);

const byAccount: Record<string, Right[]> = {
  "csi-nfs-controller": [...provisionerRights, ...resizerRights, ...snapshotterRights],
  ...Object.fromEntries(
    ["csi-rbd-controller", "csi-cephfs-controller"].map((account) => [
      account,
      [
        ...provisionerRights,
        ...publishes,
        ...resizerRights,
        ...attacherRights,
        ...snapshotterRights,
      ],
    ]),
  ),
  "csi-rbd-node": rbdNodeRights,
  "csi-cephfs-node": of("ceph-csi: deploy/cephfs/kubernetes/csi-nodeplugin-rbac.yaml", "cluster", [
    ["", "nodes", ["get"]],
  ]),
  "snapshot-controller": snapshotControllerRights,
};

/** All rights that the processes of the storage part need, with snapshots enabled. */
export const storageRights: NeededRight[] = Object.entries(byAccount).flatMap(([account, rights]) =>
  rights.map((right) => ({ account, ...right })),
);

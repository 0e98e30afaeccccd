import type { ImageName } from "../../versions/images";

/** Flags of a program at a version, according to its source. */
export interface KnownFlags {
  /** Version of the source; the same as the image's tag. */
  version: string;
  /** Location of the definitions. */
  source: string;
  flags: readonly string[];
}

/** Flags that the sidecars of kubernetes-csi share. csi-lib-utils v0.24.0, standardflags/flags.go:50-63. */
const standard = [
  "version",
  "kubeconfig",
  "csi-address",
  "leader-election",
  "leader-election-namespace",
  "leader-election-lease-duration",
  "leader-election-renew-deadline",
  "leader-election-retry-period",
  "leader-election-labels",
  "kube-api-qps",
  "kube-api-burst",
  "http-endpoint",
  "metrics-address",
  "metrics-path",
] as const;

/** Flags of csi-snapshotter and the snapshot controller, which define their own. */
const snapshots = [
  "kubeconfig",
  "csi-address",
  "resync-period",
  "version",
  "worker-threads",
  "leader-election",
  "leader-election-namespace",
  "leader-election-lease-duration",
  "leader-election-renew-deadline",
  "leader-election-retry-period",
  "http-endpoint",
  "metrics-path",
  "retry-interval-start",
  "retry-interval-max",
  "feature-gates",
  "kube-api-qps",
  "kube-api-burst",
  "v",
] as const;

/**
 * Flags of the storage programs. Those of kubernetes-csi are from their Go modules at the given version. The sources of
 * ceph-csi v3.17.0, csi-driver-nfs v4.13.4, livenessprobe v2.19.0 and node-driver-registrar v2.17.0 were not available:
 * their flags are from the newest available state of the named file, so an unknown flag there is not proven wrong.
 */
export const storageFlags: Partial<Record<ImageName, KnownFlags>> = {
  csiProvisioner: {
    version: "v6.3.0",
    source: "external-provisioner v6.3.0, cmd/csi-provisioner/csi-provisioner.go:86-132",
    flags: [
      ...standard,
      "volume-name-prefix",
      "volume-name-uuid-length",
      "retry-interval-start",
      "retry-interval-max",
      "worker-threads",
      "timeout",
      "default-fstype",
      "extra-create-metadata",
      "strict-topology",
      "immediate-topology",
      "prevent-volume-mode-conversion",
      "controller-publish-readonly",
      "feature-gates",
      "v",
    ],
  },
  csiResizer: {
    version: "v2.2.0",
    source: "external-resizer v2.2.0, cmd/csi-resizer/main.go:58-92",
    flags: [
      ...standard,
      "resync-period",
      "workers",
      "extra-modify-metadata",
      "timeout",
      "retry-interval-start",
      "retry-interval-max",
      "handle-volume-inuse-error",
      "feature-gates",
      "v",
    ],
  },
  csiAttacher: {
    version: "v4.12.0",
    source: "external-attacher v4.12.0, cmd/csi-attacher/main.go:66-97",
    flags: [
      ...standard,
      "resync",
      "timeout",
      "worker-threads",
      "max-entries",
      "max-grpc-log-length",
      "retry-interval-start",
      "retry-interval-max",
      "reconcile-sync",
      "default-fstype",
      "feature-gates",
      "v",
    ],
  },
  csiSnapshotter: {
    version: "v8.6.0",
    source: "external-snapshotter v8.6.0, cmd/csi-snapshotter/main.go:56-103",
    flags: [
      ...snapshots,
      "timeout",
      "snapshot-name-prefix",
      "snapshot-name-uuid-length",
      "extra-create-metadata",
      "node-deployment",
    ],
  },
  snapshotController: {
    version: "v8.5.0",
    source: "external-snapshotter v8.5.0, cmd/snapshot-controller/main.go:54-164",
    flags: [...snapshots, "enable-distributed-snapshotting", "retry-crd-interval-max"],
  },
  csiLivenessProbe: {
    version: "v2.19.0",
    source: "livenessprobe, cmd/livenessprobe/main.go:45-52 (commit 07bd11f)",
    flags: ["probe-timeout", "csi-address", "http-endpoint", "metrics-path", "v"],
  },
  csiNodeDriverRegistrar: {
    version: "v2.17.0",
    source: "node-driver-registrar, cmd/csi-node-driver-registrar/main.go:58-70 (commit 0d8021d)",
    flags: [
      "timeout",
      "csi-address",
      "plugin-registration-path",
      "kubelet-registration-path",
      "http-endpoint",
      "version",
      "mode",
      "enable-pprof",
      "v",
    ],
  },
  nfsPlugin: {
    version: "v4.13.4",
    source: "csi-driver-nfs, cmd/nfsplugin/main.go:28-35 (commit 164f977)",
    flags: [
      "endpoint",
      "nodeid",
      "mount-permissions",
      "drivername",
      "working-mount-dir",
      "default-ondelete-policy",
      "v",
    ],
  },
  cephCsi: {
    version: "v3.17.0",
    // Not setmetadata: it has no effect in 3.17 (ceph-csi#6225), and ceph-csi#6548 removed it; cephcsi exits with 2 on
    // an unknown flag.
    source: "ceph-csi, cmd/cephcsi.go:60-143 (commit 008cbc4)",
    flags: [
      "type",
      "endpoint",
      "drivername",
      "nodeid",
      "pluginpath",
      "stagingpath",
      "clustername",
      "instanceid",
      "pidlimit",
      "controllerserver",
      "nodeserver",
      "domainlabels",
      "kernelmountoptions",
      "fusemountoptions",
      "rbdhardmaxclonedepth",
      "rbdsoftmaxclonedepth",
      "maxsnapshotsonimage",
      "minsnapshotsonimage",
      "skipforceflatten",
      "csi-addons-endpoint",
      "v",
    ],
  },
};

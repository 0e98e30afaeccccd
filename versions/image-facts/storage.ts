import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

/**
 * Facts about an image of kubernetes-csi: one program on a base image without a shell, as root unless the pod sets a
 * user.
 */
function distroless(program: string, source: string): ImageFacts {
  return { user: 0, group: 0, entryPoint: [`/${program}`], volumes: [], writes: [], source };
}

/** The images of the storage drivers and their sidecars. */
export const storageImageFacts = {
  csiProvisioner: distroless("csi-provisioner", "external-provisioner v6.3.0 Dockerfile"),
  csiResizer: distroless("csi-resizer", "external-resizer v2.2.0 Dockerfile"),
  csiAttacher: distroless("csi-attacher", "external-attacher v4.12.0 Dockerfile"),
  csiSnapshotter: distroless(
    "csi-snapshotter",
    "external-snapshotter v8.6.0 cmd/csi-snapshotter/Dockerfile",
  ),
  snapshotController: distroless(
    "snapshot-controller",
    "external-snapshotter v8.6.0 cmd/snapshot-controller/Dockerfile",
  ),
  // The Dockerfiles of these four were available only at another commit than the pinned version.
  csiLivenessProbe: distroless("livenessprobe", "livenessprobe Dockerfile (commit 1f02f88)"),
  csiNodeDriverRegistrar: {
    ...distroless(
      "csi-node-driver-registrar",
      "node-driver-registrar Dockerfile (commit 39a1be1); cmd/csi-node-driver-registrar/main.go for what it writes",
    ),
    // Its socket, and a marker file for the registration at the kubelet.
    writes: ["/registration"],
  },
  nfsPlugin: {
    ...distroless("nfsplugin", "csi-driver-nfs Dockerfile (commit 0988133), cmd/nfsplugin/main.go"),
    // Its socket, and where it mounts an export to create a volume's folder.
    writes: ["/tmp", "/csi"],
    shell: "/bin/sh",
  },
  cephCsi: {
    ...distroless("usr/local/bin/cephcsi", "ceph-csi deploy/cephcsi/image/Dockerfile (0b8fbac)"),
    // Its sockets, and keys for Ceph commands.
    writes: ["/tmp/csi/keys", "/csi"],
    shell: "/bin/sh",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;

import type * as k8s from "@pulumi/kubernetes";
import type { PartContainer, PodVolume } from "../shared/part-container";
import { containerSecurityContext } from "../shared/pods";
import { driverNames, type CephKind } from "./driver";
import { driverProbes, socket, socketMount } from "./sidecars";
import { hostFolder, mountingSecurityContext, nodeVolumes, podsMount } from "./workloads";

type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Driver container of a controller: it talks to Ceph only, and mounts nothing. */
export function controllerPlugin(kind: CephKind, port: number): PartContainer {
  return {
    ...plugin(kind, port),
    args: [
      ...commonFlags(kind),
      "--controllerserver=true",
      // No limit: Ceph's library starts some threads for every volume.
      "--pidlimit=-1",
      // Long chains of clones are slow; beyond this depth the driver flattens them.
      ...(kind === "rbd" ? ["--rbdhardmaxclonedepth=8", "--rbdsoftmaxclonedepth=4"] : []),
    ],
    securityContext: containerSecurityContext,
    volumeMounts: commonMounts,
  };
}

/** Driver container of a node: it maps images and mounts file systems. */
export function nodePlugin(kind: CephKind, port: number, kubeletDirectory: string): PartContainer {
  return {
    ...plugin(kind, port),
    args: [
      ...commonFlags(kind),
      "--nodeserver=true",
      `--pluginpath=${kubeletDirectory}/plugins`,
      `--stagingpath=${kubeletDirectory}/plugins/kubernetes.io/csi/`,
    ],
    securityContext: mountingSecurityContext,
    volumeMounts: [
      ...commonMounts,
      podsMount(kubeletDirectory),
      {
        name: "plugins",
        mountPath: `${kubeletDirectory}/plugins`,
        mountPropagation: "Bidirectional",
      },
      { name: "run-mount", mountPath: "/run/mount" },
      { name: "selinux", mountPath: "/etc/selinux", readOnly: true },
      kind === "rbd"
        ? { name: "ceph-log", mountPath: "/var/log/ceph" }
        : { name: "mount-info", mountPath: `${socketMount.mountPath}/mountinfo` },
    ],
  };
}

/**
 * Returns the volumes of a controller.
 * @param files name of the ConfigMap with the drivers' files.
 */
export function controllerVolumes(files: string): PodVolume[] {
  return [
    // The library checks the features of the node's kernel before it creates an image.
    hostFolder("dev", "/dev", ""),
    hostFolder("sys", "/sys", ""),
    hostFolder("modules", "/lib/modules", ""),
    { name: "keys", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
    fileVolume("csi-config", files, ["config.json", "cluster-mapping.json"]),
    fileVolume("ceph-config", files, ["ceph.conf", "keyring"]),
  ];
}

/** Returns the volumes of the pods on the nodes. */
export function nodePluginVolumes(kind: CephKind, files: string, kubeletDirectory: string) {
  const folder = driverNames[kind];
  return [
    ...nodeVolumes(kubeletDirectory, folder),
    ...controllerVolumes(files),
    hostFolder("plugins", `${kubeletDirectory}/plugins`),
    hostFolder("run-mount", "/run/mount", ""),
    hostFolder("selinux", "/etc/selinux", ""),
    kind === "rbd"
      ? hostFolder("ceph-log", "/var/log/ceph", "DirectoryOrCreate")
      : // The driver's mounts, so that it can restore them after a client crashes.
        hostFolder(
          "mount-info",
          `${kubeletDirectory}/plugins/${folder}/mountinfo`,
          "DirectoryOrCreate",
        ),
  ] satisfies PodVolume[];
}

/** Mounts of the driver in its controller and on the nodes. */
const commonMounts: VolumeMount[] = [
  socketMount,
  { name: "dev", mountPath: "/dev" },
  { name: "sys", mountPath: "/sys" },
  { name: "modules", mountPath: "/lib/modules", readOnly: true },
  { name: "csi-config", mountPath: "/etc/ceph-csi-config", readOnly: true },
  { name: "ceph-config", mountPath: "/etc/ceph", readOnly: true },
  // Keys for Ceph commands, in memory and never on a disk.
  { name: "keys", mountPath: "/tmp/csi/keys" },
];

function commonFlags(kind: CephKind): string[] {
  return [
    `--type=${kind}`,
    `--drivername=${driverNames[kind]}`,
    "--nodeid=$(NODE_ID)",
    `--endpoint=unix://${socket}`,
    `--csi-addons-endpoint=unix://${socketMount.mountPath}/csi-addons.sock`,
    "--v=2",
  ];
}

function plugin(kind: CephKind, port: number): PartContainer {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return {
    name: `csi-${kind}plugin`,
    image: "cephCsi",
    env: [
      field("NODE_ID", "spec.nodeName"),
      field("POD_NAMESPACE", "metadata.namespace"),
      field("POD_IP", "status.podIP"),
    ],
    ...driverProbes(port),
    resources: {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "2", memory: "1Gi" },
    },
  };
}

function fileVolume(name: string, configMap: string, files: string[]): PodVolume {
  const items = files.map((file) => ({ key: file, path: file }));
  return { name, configMap: { name: configMap, items } };
}

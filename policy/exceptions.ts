/** A rule that an object may break. */
export type PodRule =
  | "runAsNonRoot"
  | "allowPrivilegeEscalation"
  | "capabilities"
  | "seccompProfile"
  | "probes"
  | "readOnlyRootFilesystem"
  | "sizedEmptyDirs"
  | "distinctProbes"
  | "secretEnvironment"
  | "networkPolicy"
  | "headlessService"
  | "clusterRoleWildcards";

/** The one list of exceptions from the rules: object (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [
  {
    workload: "StatefulSet image-builder",
    rules: ["seccompProfile", "allowPrivilegeEscalation", "readOnlyRootFilesystem"],
    reason:
      "BuildKit makes a user namespace for each build: its set-uid helper maps the users, and the default profile forbids making one; its sockets and temporary files lie in the folders of the image's user",
  },
  {
    workload: "Deployment csi-nfs-controller",
    rules: ["runAsNonRoot", "allowPrivilegeEscalation", "capabilities"],
    reason:
      "The driver mounts the export to make and delete the volumes' folders, and its socket is root's.",
  },
  ...["csi-rbd-controller", "csi-cephfs-controller"].map((name) => ({
    workload: `Deployment ${name}`,
    rules: ["runAsNonRoot" as const],
    reason: "The driver's socket is root's, so the sidecars that call it are root, without rights.",
  })),
  ...["csi-nfs-node", "csi-rbd-node", "csi-cephfs-node"].map((name) => ({
    workload: `DaemonSet ${name}`,
    rules: ["runAsNonRoot", "allowPrivilegeEscalation", "capabilities"] satisfies PodRule[],
    reason: "The driver mounts volumes into the pods of its node; only a privileged one may.",
  })),
  {
    workload: "StatefulSet elasticsearch",
    rules: ["readOnlyRootFilesystem"],
    reason:
      "its image adds the first password to the keystore beside its settings, and writes its log of garbage collections",
  },
  {
    workload: "StatefulSet logstash",
    rules: ["readOnlyRootFilesystem"],
    reason: "its image writes settings beside the program, and JRuby unpacks libraries",
  },
  {
    workload: "Deployment kibana",
    rules: ["readOnlyRootFilesystem"],
    reason: "it keeps its identity and its unpacked browser beside the program",
  },
  {
    workload: "DaemonSet filebeat",
    rules: ["runAsNonRoot"],
    reason: "the container runtime's log files can be read by root only",
  },
  {
    workload: "DaemonSet log-rotation",
    rules: ["runAsNonRoot"],
    reason: "it empties files of every app's user, in directories that the kubelet makes as root",
  },
  ...["core", "jobservice", "registry", "exporter"].map((name) => ({
    workload: `Deployment harbor-${name}`,
    rules: ["readOnlyRootFilesystem" as const],
    reason:
      "Its start script writes the certificates that it trusts into the image's own bundle (make/photon/common/install_cert.sh)",
  })),
  {
    workload: "StatefulSet harbor-trivy",
    rules: ["readOnlyRootFilesystem"],
    reason: "Its start script writes the certificates that it trusts into the image's own bundle",
  },
  {
    workload: "StatefulSet harbor-database",
    rules: ["readOnlyRootFilesystem"],
    reason: "PostgreSQL's socket and lock lie in the image's folder /run/postgresql",
  },
  {
    workload: "StatefulSet nexus",
    rules: ["readOnlyRootFilesystem"],
    reason: "Its launcher writes what it found out about Java below the home of the image's user",
  },
  {
    workload: "ClusterRole keda-external-metrics-reader",
    rules: ["clusterRoleWildcards"],
    reason:
      "Every ScaledObject's metric is a resource of its own name in external.metrics.k8s.io, so the names cannot be listed; it only reads.",
  },
];

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
    rules: ["seccompProfile", "allowPrivilegeEscalation"],
    reason:
      "BuildKit makes a user namespace for each build: its set-uid helper maps the users, and the default profile forbids making one",
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
  {
    workload: "ClusterRole keda-external-metrics-reader",
    rules: ["clusterRoleWildcards"],
    reason:
      "Every ScaledObject's metric is a resource of its own name in external.metrics.k8s.io, so the names cannot be listed; it only reads.",
  },
];

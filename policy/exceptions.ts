/** A rule that an object may break. */
export type PodRule =
  | "runAsNonRoot"
  | "allowPrivilegeEscalation"
  | "capabilities"
  | "seccompProfile"
  | "probes"
  | "clusterRoleWildcards";

/** The one list of exceptions from the rules: object (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [
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
];

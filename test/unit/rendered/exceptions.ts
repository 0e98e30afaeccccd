/** A pod rule that a workload may break. */
export type PodRule =
  "runAsNonRoot" | "allowPrivilegeEscalation" | "capabilities" | "seccompProfile" | "probes";

/** The one list of exceptions from the pod rules: workload (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [
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
];

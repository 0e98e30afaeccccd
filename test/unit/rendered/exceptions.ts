/** A pod rule that a workload may break. */
export type PodRule =
  "runAsNonRoot" | "allowPrivilegeEscalation" | "capabilities" | "seccompProfile" | "probes";

/** The one list of exceptions from the pod rules: workload (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [];

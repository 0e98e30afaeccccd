/** A pod rule that a workload may break. */
export type PodRule =
  "runAsNonRoot" | "allowPrivilegeEscalation" | "capabilities" | "seccompProfile" | "probes";

/** The one list of exceptions from the pod rules: workload (`Kind name`), rules, and the reason. */
export const exceptions: { workload: string; rules: PodRule[]; reason: string }[] = [
  {
    workload: "StatefulSet image-builder",
    rules: ["seccompProfile", "allowPrivilegeEscalation"],
    reason:
      "BuildKit makes a user namespace for each build: its set-uid helper maps the users, and the default profile forbids making one",
  },
];

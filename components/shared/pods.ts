import type * as k8s from "@pulumi/kubernetes";

/** What every pod's security context says; exceptions are listed in `policy/exceptions.ts`. */
export const podSecurityContext = {
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const satisfies k8s.types.input.core.v1.PodSecurityContext;

/** What every container's security context says. */
export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/** Annotations by which Prometheus finds a pod's metrics. */
export function scraped(port: number, path = "/metrics"): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
  };
}

/**
 * Keeps the pods of one workload on different machines, and in different zones, where it can.
 * @param hosts "required" never puts two of them on one machine: a pod then waits for a free one.
 */
export function spread(
  matchLabels: Record<string, string>,
  hosts: "preferred" | "required" = "preferred",
): {
  affinity: k8s.types.input.core.v1.Affinity;
  topologySpreadConstraints: k8s.types.input.core.v1.TopologySpreadConstraint[];
} {
  const labelSelector = { matchLabels };
  const term = { labelSelector, topologyKey: "kubernetes.io/hostname" };
  return {
    affinity: {
      podAntiAffinity:
        hosts === "required"
          ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
          : {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 100, podAffinityTerm: term },
              ],
            },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector,
      },
    ],
  };
}

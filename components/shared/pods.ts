import type * as k8s from "@pulumi/kubernetes";

/** Security context of every pod; exceptions are listed in `policy/exceptions.ts`. */
export const podSecurityContext = {
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const satisfies k8s.types.input.core.v1.PodSecurityContext;

/** Returns the security context of pods that run as a user and the group with the same number. */
export function runAs(user: number) {
  return { ...podSecurityContext, runAsUser: user, runAsGroup: user };
}

/** Returns the same context for pods whose volumes belong to that group. */
export function runAsVolumeOwner(user: number) {
  return { ...runAs(user), fsGroup: user };
}

/** For pods that do not call the API server, and need no variables of Services. */
export const withoutApiAccess = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
} as const satisfies Partial<k8s.types.input.core.v1.PodSpec>;

/** Security context of every container. */
export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/**
 * Returns the annotations with which Prometheus finds a pod's metrics.
 * @param path default: `/metrics`.
 */
export function scrapeAnnotations(port: number, path?: string): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    ...(path === undefined ? {} : { "prometheus.io/path": path }),
  };
}

/**
 * Spreads the pods of a workload across nodes and zones if possible.
 * @param hosts with "required", two of them never share a node: a pod then waits for a free one.
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

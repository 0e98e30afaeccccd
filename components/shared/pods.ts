import type * as k8s from "@pulumi/kubernetes";

/** What every pod's security context says; exceptions are listed in `policy/exceptions.ts`. */
export const podSecurityContext = {
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const satisfies k8s.types.input.core.v1.PodSecurityContext;

/** The security context of pods that run as one user, who is also a group of that number. */
export function runsAs(user: number) {
  return { ...podSecurityContext, runAsUser: user, runAsGroup: user };
}

/** The same for pods whose volumes are to belong to that group. */
export function ownsVolumes(user: number) {
  return { ...runsAs(user), fsGroup: user };
}

/** The same for large volumes: to change the owner of every file at each start would take hours. */
export function ownsLargeVolumes(user: number) {
  return { ...ownsVolumes(user), fsGroupChangePolicy: "OnRootMismatch" };
}

/** Of a pod that asks nothing of the API server, and is told of no Service by its environment. */
export const withoutApiAccess = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
} as const satisfies Partial<k8s.types.input.core.v1.PodSpec>;

/** What every container's security context says. */
export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/**
 * Annotations by which Prometheus finds a pod's metrics.
 * @param path Prometheus's own default, `/metrics`, without it.
 */
export function scraped(port: number, path?: string): Record<string, string> {
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    ...(path === undefined ? {} : { "prometheus.io/path": path }),
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

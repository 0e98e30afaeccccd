type Config = Record<string, unknown>;

/** Probes of an app whose pods are ready within a second. */
export const quickProbes = {
  readiness: { path: "/healthz" },
  startup: { path: "/healthz", periodSeconds: 1 },
};

/** Returns the parts of the dev stack's platform for the requests of apps and their metrics. */
export function observedParts(parts: Record<string, Config>): Record<string, Config | undefined> {
  const { placement, tenancy, gateway } = parts;
  const prometheus = { storage: "2Gi", retention: "1d", scrapeInterval: "5s" };
  return {
    placement,
    tenancy,
    gateway,
    monitoring: { ...parts["monitoring"], prometheus },
  };
}

/**
 * Returns settings of an app whose pods reject requests above their capacity.
 * @param capacity requests per second that a pod can handle.
 * @param cpu request of a pod, millicores; the autoscaler targets 70% of it.
 */
export function limitedPods(capacity: number, cpu: number): Config {
  return {
    scaling: { min: 2, max: 10, rest: 1 },
    env: { CAPACITY: String(capacity) },
    resources: {
      requests: { cpu: `${cpu}m`, memory: "64Mi" },
      limits: { cpu: "200m", memory: "64Mi" },
    },
    drainSeconds: 5,
    progressDeadlineSeconds: 60,
    probes: quickProbes,
  };
}

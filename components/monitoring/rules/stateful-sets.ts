/** StatefulSets of one kind of server, for example `kafka` or `kafka-broker`. */
export interface Servers {
  namespace: string;
  /** Prefix of the StatefulSets' names. */
  prefix: string;
}

/** Selects those without any ready pod. */
export function withoutReadyPods(servers: Servers): string {
  return `${ready(servers)} == 0`;
}

/** Selects those with a pod that is not ready. */
export function withMissingPods(servers: Servers): string {
  return `${ready(servers)} < ${by("kube_statefulset_replicas", servers)}`;
}

function ready(servers: Servers): string {
  return by("kube_statefulset_status_replicas_ready", servers);
}

function by(metric: string, { namespace, prefix }: Servers): string {
  return `max by (namespace, statefulset) (${metric}{namespace="${namespace}",statefulset=~"${prefix}.*"})`;
}

/** Namespace of the apps of every contender. */
export const namespace = "commerce-dev";

/** Requests per second that a pod can handle; it rejects more. */
export const capacity = 30;

/** CPU request of a pod, millicores; the autoscaler targets 70% of it. */
export const cpu = 100;

/** Requests per second during all changes: more than three pods can handle. */
export const peak = 100;

/** Shares of the canary before it gets all requests, percent. */
export const weights = [20, 50];

/** How long the canary has each share, seconds. */
export const stepSeconds = 20;

/** Highest share of errors with which a canary passes its check. */
export const maximumErrorRatio = 0.01;

/** Releases and rollbacks of each contender. */
export const rounds = 3;

/** First version of the app; each round releases a new one and goes back to it. */
export const firstVersion = "1.0.0";

/** Version that a round releases. */
export function versionOf(round: number): string {
  return `1.${round}.0`;
}

/**
 * Seconds between the end of a release and its rollback: longer than Argo Rollouts keeps the former pods by default
 * (30 s), because a rollback within that time is a special case.
 */
export const beforeRollback = 35;

/** Longest time for a change, seconds. */
export const changeTimeout = 420;

/** Host of an app behind the gateway. */
export function hostOf(app: string): string {
  return `${app}.dev.platform.test`;
}

/** Share of errors of a Service behind the gateway over the time of a step, as a Prometheus query. */
export function errorRatio(service: string): string {
  const series = (more: string) =>
    `sum(increase(traefik_service_requests_total{service=~"${namespace}-${service}-.*"${more}}[${stepSeconds}s]))`;
  return `(${series(',code=~"5.."')} or vector(0)) / ${series("")}`;
}

import { gatewayStart, knownGateway } from "../../../config/recorded-series";
import type { RecordingRule } from "./rule";

/**
 * Seconds for which a new counter is recorded as 0. Rules are evaluated every 15 s, and samples of a scrape are visible
 * up to 10 s, its timeout, after their time; so at least one evaluation in this time sees the counter.
 */
const arrivalSeconds = 30;

/**
 * Seconds in which a counter is looked for before it is called new: 20 scrapes of the gateway, so that a few failed
 * ones, or a restart of Prometheus, change nothing.
 */
const lookbackSeconds = 300;

/** Samples of a metric before the last {@link arrivalSeconds} seconds. */
function earlier(metric: string): string {
  return `last_over_time(${metric}[${lookbackSeconds}s] offset ${arrivalSeconds}s)`;
}

/**
 * The gateway pods whose new counters were 0 before: a scrape that succeeded did not have them, or the pod's process
 * started so recently that no sample of it can be missing. After an outage of Prometheus, no pod is known for
 * {@link arrivalSeconds} seconds: its counters may have existed before, and their old values must not be counted again.
 */
export function knownGatewayPods(): RecordingRule {
  const fresh = `${gatewayStart} > time() - ${lookbackSeconds} unless on (instance) ${earlier(gatewayStart)}`;
  return {
    record: knownGateway,
    expr: `max by (instance) (${earlier(gatewayStart)} or on (instance) ${fresh})`,
  };
}

/**
 * Returns a counter of Traefik that starts at 0. Traefik creates the series of a status code with the first response of
 * that code, so its first sample may be any number, and `increase()` and `rate()` count only what follows the first
 * sample. Therefore a new series is 0 for {@link arrivalSeconds} seconds. Uses {@link knownGatewayPods}.
 */
export function fromZero(metric: string): string {
  return `(0 * (${metric} unless ${earlier(metric)} and on (instance) ${knownGateway}) or ${metric})`;
}

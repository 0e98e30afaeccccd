import type { RuleGroup } from "./rule";

/** Minimum requests per second to evaluate a canary. */
const minimumRate = 0.1;

/** Error ratio, and latency in seconds, up to which differences are ignored. */
const ignoredBelow = { errors: 0.01, latency: 0.05 };

/** How much worse than stable a canary may be, as factors. */
const allowed = { errors: 2, latency: 1.5 };

/** Vector matching of a canary with its stable release. */
const sameApp = "on (namespace, app)";

/** Alerts on a canary that is worse than its stable release. */
export function canaries(): RuleGroup {
  return {
    name: "app-canaries",
    rules: [
      {
        alert: "CanaryErrors",
        expr: worseThanStable(
          "app:service_errors:ratio_rate5m",
          ignoredBelow.errors,
          allowed.errors,
        ),
        for: "5m",
        severity: "warning",
        summary: "The canary of {{ $labels.app }} has more errors than its stable release",
        description: `{{ $value | humanizePercentage }} of the canary's requests in {{ $labels.namespace }} end with a server error, more than ${allowed.errors} times the stable release's share.`,
      },
      {
        alert: "CanarySlow",
        expr: worseThanStable(
          "app:request_duration_seconds:p99",
          ignoredBelow.latency,
          allowed.latency,
        ),
        for: "5m",
        severity: "warning",
        summary: "The canary of {{ $labels.app }} is slower than its stable release",
        description: `One request in a hundred to the canary in {{ $labels.namespace }} takes {{ $value | humanizeDuration }} or more, over ${allowed.latency} times as long as on the stable release.`,
      },
    ],
  };
}

function worseThanStable(metric: string, above: number, factor: number): string {
  const canary = `${metric}{role="canary"}`;
  return [
    `${canary} > ${above}`,
    `${canary} > ${sameApp} ${factor} * ${metric}{role="stable"}`,
    `app:requests:rate5m{role="canary"} > ${minimumRate}`,
  ].join(` and ${sameApp} `);
}

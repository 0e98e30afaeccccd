import type { MonitoredApp } from "./args";
import type { RecordingRule, RuleGroup } from "./rule";

/** Labels that tell one role of one app. */
const roleLabels = "namespace, app, team, service, role";

const roles = ["stable", "canary"] as const;

/**
 * What the gateway counted, by the app and role that it belongs to. Traefik names a backend
 * `<namespace>-<service>-http-<port>@kubernetesgateway`, which no query can take apart again, as
 * each of the names may have dashes; so there is one rule for each role of each app.
 */
export function requestCounters(apps: MonitoredApp[]): RuleGroup {
  return {
    name: "app-requests",
    // As often as the gateway is scraped, so that a check of a canary sees what there is.
    interval: "15s",
    rules: apps.flatMap((app) => roles.flatMap((role) => counters(app, role))),
  };
}

function counters({ name, namespace, team }: MonitoredApp, role: string): RecordingRule[] {
  const service = `${name}-${role}`;
  const backend = `service="${namespace}-${service}-http-80@kubernetesgateway"`;
  const labels = { namespace, app: name, team, service, role };
  // Every gateway pod stays a series of its own: a sum of counters falls when one of them ends,
  // and a fall reads as a counter that began again, which counts all earlier requests once more.
  return [
    {
      record: "app:requests:total",
      expr: `sum by (code, instance) (traefik_service_requests_total{${backend}})`,
      labels,
    },
    {
      record: "app:request_duration_seconds:bucket",
      expr: `sum by (le, instance) (traefik_service_request_duration_seconds_bucket{${backend}})`,
      labels,
    },
  ];
}

/** Rates, shares of errors and latencies of every role, and restarts of every release. */
export function appRatios(apps: MonitoredApp[]): RuleGroup {
  return {
    name: "app-ratios",
    rules: [
      {
        record: "app:requests:rate5m",
        expr: `sum by (${roleLabels}) (rate(app:requests:total[5m]))`,
      },
      {
        record: "app:service_errors:ratio_rate5m",
        expr: errorRatio(roleLabels, "5m"),
      },
      ...[50, 95, 99].map((percent) => ({
        record: `app:request_duration_seconds:p${percent}`,
        expr: `histogram_quantile(${percent / 100}, sum by (le, ${roleLabels}) (rate(app:request_duration_seconds:bucket[5m])))`,
      })),
      ...apps.map((app) => restarts(app, apps)),
    ],
  };
}

/** Share of the requests that ended with a server error: 0 without any, nothing without requests. */
export function errorRatio(labels: string, window: string): string {
  const errors = `sum by (${labels}) (rate(app:requests:total{code=~"5.."}[${window}]))`;
  const all = `sum by (${labels}) (rate(app:requests:total[${window}]))`;
  return `(${errors} or 0 * ${all}) / (${all} > 0)`;
}

function restarts({ name, namespace, team }: MonitoredApp, apps: MonitoredApp[]): RecordingRule {
  // Pods of the app shop-admin have names that begin with shop-, too.
  const others = apps
    .filter((other) => other.namespace === namespace && other.name.startsWith(`${name}-`))
    .map((other) => `,pod!~"${other.name}-.+"`)
    .join("");
  const counted = `increase(kube_pod_container_status_restarts_total{namespace="${namespace}",pod=~"${name}-.+"${others}}[15m])`;
  return {
    record: "app:restarts:increase15m",
    expr: `sum by (release) (label_replace(${counted}, "release", "$1", "pod", "(.+)-[a-z0-9]+-[a-z0-9]+"))`,
    labels: { namespace, app: name, team },
  };
}

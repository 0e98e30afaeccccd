import { serverErrors } from "../../../config/error-codes";
import { fromZero, knownGatewayPods } from "./from-zero";
import type { RecordingRule, RuleGroup } from "./rule";

/** Labels that identify one role of one app. */
const roleLabels = "namespace, app, team, service, role";

/** Label of kube-state-metrics with the app's name. */
const appName = "label_app_kubernetes_io_name";

const ofApps = 'label_app_kubernetes_io_part_of="apps"';

/** How long an app remains known while kube-state-metrics, which has one pod, is being updated. */
const lookback = "10m";

/**
 * Requests that the gateway counted, by app and role. The cluster itself says which apps exist, so that apps of every
 * stack are known immediately. Traefik names a backend `<namespace>-<service>-http-<port>@kubernetesgateway`. No query
 * can split that name, because each part may contain dashes, so the rule builds the same name from each role's Service.
 * @param teams team by namespace.
 * @param platformTeam owner of all other namespaces.
 */
export function requestCounters(teams: Record<string, string>, platformTeam: string): RuleGroup {
  return {
    name: "app-requests",
    // The scrape interval of the gateway, so that a canary check uses current data.
    interval: "15s",
    rules: [
      ...Object.entries(teams)
        .sort()
        .map(([namespace, team]) => ({
          record: "namespace:team:info",
          expr: "vector(1)",
          labels: { namespace, team },
        })),
      { record: "app:service:info", expr: roleServices() },
      {
        record: "app:backend:info",
        // One series per name: two would fail the queries of all apps, and Traefik also serves only one.
        expr: `topk by (backend) (1, app:service:info * on (namespace) group_left (team) namespace:team:info or on (backend) ${label("app:service:info", "team", platformTeam)})`,
      },
      knownGatewayPods(),
      // A separate series per gateway pod: a sum of counters drops when a pod ends, which looks like a counter reset
      // and counts all earlier requests again.
      counter("app:requests:total", fromZero("traefik_service_requests_total"), "code"),
      // Not from zero: the series of a role, in which the codes are summed, loses only the first 15 seconds of each
      // gateway pod, in all buckets alike. A quantile of the other requests is still one; a count would not be.
      counter(
        "app:request_duration_seconds:bucket",
        "traefik_service_request_duration_seconds_bucket",
        "le",
      ),
    ],
  };
}

/** The Services of apps' roles, with the names that Traefik gives their backends. */
function roleServices(): string {
  const role = ".+-(stable|canary)";
  const services = `last_over_time(kube_service_labels{${ofApps},service=~"${role}"}[${lookback}])`;
  const named = `label_join(${services}, "backend", "-", "namespace", "service")`;
  const backend = copyLabel(named, "backend", "backend", "(.+)", "$1-http-80@kubernetesgateway");
  const app = copyLabel(copyLabel(backend, "role", "service", role), "app", appName);
  return `max by (namespace, app, service, role, backend) (${app})`;
}

function counter(record: string, metric: string, by: string): RecordingRule {
  return {
    record,
    expr: `sum by (${by}, instance, ${roleLabels}) (${copyLabel(metric, "backend", "service")} * on (backend) group_left (${roleLabels}) app:backend:info)`,
  };
}

/** Rates, error ratios and latencies of every role, and restarts of every release. */
export function appRatios(): RuleGroup {
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
      { record: "app:restarts:increase15m", expr: restarts() },
    ],
  };
}

/** Fraction of requests that ended with a server error: 0 without errors, no result without requests. */
export function errorRatio(labels: string, window: string): string {
  const errors = `sum by (${labels}) (rate(app:requests:total{code=~"${serverErrors}"}[${window}]))`;
  const all = `sum by (${labels}) (rate(app:requests:total[${window}]))`;
  return `(${errors} or 0 * ${all}) / (${all} > 0)`;
}

/** Restarts of containers in 15 minutes, by release; its name is the `instance` of its pods. */
function restarts(): string {
  const counted = `sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[15m]))`;
  const labelled = `last_over_time(kube_pod_labels{${ofApps}}[${lookback}])`;
  const release = copyLabel(labelled, "release", "label_app_kubernetes_io_instance");
  const pods = `max by (namespace, pod, app, release) (${copyLabel(release, "app", appName)})`;
  const teams = "max by (namespace, app, team) (app:backend:info)";
  return `sum by (namespace, app, team, release) (${counted} * on (namespace, pod) group_left (app, release) ${pods} * on (namespace, app) group_left (team) ${teams})`;
}

/** Adds a label to the series of a query, derived from another label. */
function copyLabel(query: string, to: string, from: string, pattern = "(.+)", text = "$1"): string {
  return `label_replace(${query}, "${to}", "${text}", "${from}", "${pattern}")`;
}

/** Adds the same label to all series of a query. */
function label(query: string, name: string, value: string): string {
  return `label_replace(${query}, "${name}", "${value}", "", "")`;
}

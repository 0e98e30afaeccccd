import type { RecordingRule, RuleGroup } from "./rule";

/** Labels that tell one role of one app. */
const roleLabels = "namespace, app, team, service, role";

/** Label of kube-state-metrics that has the app's name. */
const appName = "label_app_kubernetes_io_name";

const ofApps = 'label_app_kubernetes_io_part_of="apps"';

/** For so long an app is known after kube-state-metrics was last heard of: it is one pod, and is updated. */
const remembered = "10m";

/**
 * What the gateway counted, by the app and role that it belongs to. Which apps there are, the
 * cluster itself tells, so that apps of every stack are known at once. Traefik names a backend
 * `<namespace>-<service>-http-<port>@kubernetesgateway`, which no query can take apart again, as
 * each of the names may have dashes; so the same name is made from each role's Service.
 * @param teams of namespaces, by the namespace.
 * @param platformTeam whose every other namespace is.
 */
export function requestCounters(teams: Record<string, string>, platformTeam: string): RuleGroup {
  return {
    name: "app-requests",
    // As often as the gateway is scraped, so that a check of a canary sees what there is.
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
        // One of each name: two would fail the queries of all apps, and Traefik, too, serves but one.
        expr: `topk by (backend) (1, app:service:info * on (namespace) group_left (team) namespace:team:info or on (backend) ${label("app:service:info", "team", platformTeam)})`,
      },
      // Every gateway pod stays a series of its own: a sum of counters falls when one of them ends,
      // and a fall reads as a counter that began again, which counts all earlier requests once more.
      counter("app:requests:total", "traefik_service_requests_total", "code"),
      counter(
        "app:request_duration_seconds:bucket",
        "traefik_service_request_duration_seconds_bucket",
        "le",
      ),
    ],
  };
}

/** The Services of apps' roles, by the name that Traefik gives to their backends. */
function roleServices(): string {
  const role = ".+-(stable|canary)";
  const services = `last_over_time(kube_service_labels{${ofApps},service=~"${role}"}[${remembered}])`;
  const named = `label_join(${services}, "backend", "-", "namespace", "service")`;
  const backend = copied(named, "backend", "backend", "(.+)", "$1-http-80@kubernetesgateway");
  const app = copied(copied(backend, "role", "service", role), "app", appName);
  return `max by (namespace, app, service, role, backend) (${app})`;
}

function counter(record: string, metric: string, by: string): RecordingRule {
  return {
    record,
    expr: `sum by (${by}, instance, ${roleLabels}) (${copied(metric, "backend", "service")} * on (backend) group_left (${roleLabels}) app:backend:info)`,
  };
}

/** Rates, shares of errors and latencies of every role, and restarts of every release. */
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

/** Share of the requests that ended with a server error: 0 without any, nothing without requests. */
export function errorRatio(labels: string, window: string): string {
  const errors = `sum by (${labels}) (rate(app:requests:total{code=~"5.."}[${window}]))`;
  const all = `sum by (${labels}) (rate(app:requests:total[${window}]))`;
  return `(${errors} or 0 * ${all}) / (${all} > 0)`;
}

/** Restarts of containers in 15 minutes by release, whose name is the `instance` of its pods. */
function restarts(): string {
  const counted = `sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[15m]))`;
  const labelled = `last_over_time(kube_pod_labels{${ofApps}}[${remembered}])`;
  const release = copied(labelled, "release", "label_app_kubernetes_io_instance");
  const pods = `max by (namespace, pod, app, release) (${copied(release, "app", appName)})`;
  const teams = "max by (namespace, app, team) (app:backend:info)";
  return `sum by (namespace, app, team, release) (${counted} * on (namespace, pod) group_left (app, release) ${pods} * on (namespace, app) group_left (team) ${teams})`;
}

/** A query whose series get a label, made from another one that they have. */
function copied(query: string, to: string, from: string, pattern = "(.+)", text = "$1"): string {
  return `label_replace(${query}, "${to}", "${text}", "${from}", "${pattern}")`;
}

/** A query whose series all get the same label. */
function label(query: string, name: string, value: string): string {
  return `label_replace(${query}, "${name}", "${value}", "", "")`;
}

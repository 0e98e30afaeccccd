import type { MonitoredParts } from "./args";
import type { Alert, RuleGroup } from "./rule";

/** Alerts on the monitoring itself. */
export function self(team: string, parts: MonitoredParts): RuleGroup {
  return {
    name: "monitoring",
    rules: [
      deadMansSwitch(team),
      ...configs(team),
      ...evaluation(team),
      ...delivery(team),
      ...essentialMetrics(parts).map((metric) => metricMissing(metric, team)),
    ],
  };
}

/** Always fires. Its receiver must raise an alarm when it stops. */
function deadMansSwitch(team: string): Alert {
  return {
    alert: "DeadMansSwitch",
    expr: "vector(1)",
    severity: "none",
    team,
    summary: "Alerts are evaluated and delivered",
    description:
      "This alert always fires. When it stops, no other alert arrives either: Prometheus, Alertmanager or their connection to the outside is broken.",
  };
}

function configs(team: string): Alert[] {
  return [
    {
      alert: "PrometheusConfigReloadFailed",
      expr: "max by (instance) (prometheus_config_last_reload_successful) == 0",
      for: "5m",
      severity: "warning",
      team,
      summary: "Prometheus could not load its configuration",
      description:
        "{{ $labels.instance }} keeps using its old configuration; changes to rules or targets are not in effect.",
    },
    {
      alert: "AlertmanagerConfigReloadFailed",
      expr: "max by (instance) (alertmanager_config_last_reload_successful) == 0",
      for: "5m",
      severity: "warning",
      team,
      summary: "Alertmanager could not load its configuration",
      description:
        "{{ $labels.instance }} keeps using its old configuration; changes to routes or receivers are not in effect.",
    },
  ];
}

function evaluation(team: string): Alert[] {
  return [
    {
      alert: "PrometheusRuleFailed",
      expr: "sum by (instance, rule_group) (increase(prometheus_rule_evaluation_failures_total[10m])) > 0",
      for: "10m",
      severity: "warning",
      team,
      summary: "Prometheus cannot evaluate rules",
      description:
        "Rules of {{ $labels.rule_group }} failed on {{ $labels.instance }}. Alerts that depend on them do not fire.",
    },
    {
      alert: "TargetDown",
      expr: "min by (job, namespace, pod, instance) (up) == 0",
      for: "10m",
      severity: "warning",
      team,
      summary: "Prometheus cannot scrape {{ $labels.instance }}",
      description:
        "{{ $labels.instance }}{{ if $labels.pod }} ({{ $labels.pod }} in {{ $labels.namespace }}){{ end }} of the job {{ $labels.job }} has returned no metrics for 10 minutes.",
    },
  ];
}

function delivery(team: string): Alert[] {
  return [
    {
      alert: "AlertsNotDelivered",
      expr: "max by (instance) (prometheus_notifications_alertmanagers_discovered) < 1 or sum by (instance) (rate(prometheus_notifications_dropped_total[5m])) > 0",
      for: "5m",
      severity: "critical",
      team,
      summary: "Prometheus cannot reach any Alertmanager",
      description: "{{ $labels.instance }} cannot send its alerts to any Alertmanager.",
    },
    {
      alert: "NotificationsFailed",
      expr: "sum by (integration) (rate(alertmanager_notifications_failed_total[15m])) > 0",
      for: "5m",
      severity: "critical",
      team,
      summary: "Alertmanager cannot notify through {{ $labels.integration }}",
      description:
        "Notifications through {{ $labels.integration }} fail. Their receivers get no notifications.",
    },
  ];
}

/** Available only if the exporter was started with `--es.indices_settings`. */
const readOnly = "elasticsearch_indices_settings_stats_read_only_indices";

/** One metric of every source that other alerts depend on: without it they never fire. */
function essentialMetrics({
  kubelet,
  etcd,
  dns,
  logging,
  tracing,
  ci,
  registry,
}: MonitoredParts): string[] {
  return [
    "kube_node_info",
    "node_uname_info",
    "apiserver_request_total",
    "traefik_config_last_reload_success",
    ...(kubelet === true ? ["kubelet_node_name"] : []),
    ...(etcd === true ? ["etcd_server_has_leader"] : []),
    ...(dns === true ? ["coredns_dns_responses_total"] : []),
    ...(tracing ? ["otelcol_process_uptime", "tempo_distributor_spans_received_total"] : []),
    ...(logging ? ["kafka_brokers", "elasticsearch_cluster_health_status", readOnly] : []),
    ...(ci ? ["jenkins_queue_size_value"] : []),
    ...(registry ? ["harbor_up"] : []),
  ];
}

function metricMissing(metric: string, team: string): Alert {
  return {
    alert: "MetricsMissing",
    labels: { metric },
    expr: `absent(${metric})`,
    for: "15m",
    severity: "warning",
    team,
    summary: `Nothing reports ${metric}`,
    description: `There is no series ${metric}. Alerts on metrics of the same source cannot fire.`,
  };
}

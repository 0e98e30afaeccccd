import { critical, platform, warning, type AlertCase, type Series } from "./case";

const instance = "prometheus-0";
const of = (metric: string, values: string): Series => ({
  [`${metric}{instance="${instance}"}`]: values,
});
const essential = (left: string | undefined): Series =>
  Object.fromEntries(
    [
      "kube_node_info",
      "node_uname_info",
      "kubelet_node_name",
      "apiserver_request_total",
      "traefik_config_last_reload_success",
      "etcd_server_has_leader",
      "coredns_dns_responses_total",
      "otelcol_process_uptime",
      "tempo_distributor_spans_received_total",
      "kafka_brokers",
      "elasticsearch_cluster_health_status",
      "elasticsearch_indices_settings_stats_read_only_indices",
      "jenkins_queue_size_value",
      "harbor_up",
    ]
      .filter((metric) => metric !== left)
      .map((metric) => [metric, "1x60"]),
  );

/** An alert on one metric of one instance. */
function simple(
  alert: string,
  metric: string,
  values: { bad: string; good: string },
  severity: Record<string, string>,
): AlertCase {
  return {
    alert,
    fires: [
      {
        series: of(metric, values.bad),
        at: "30m",
        labels: [{ ...platform, ...severity, instance }],
      },
    ],
    quiet: [{ series: of(metric, values.good), at: "30m" }],
  };
}

/** Alerts on the monitoring itself. */
export const monitoring: AlertCase[] = [
  {
    alert: "DeadMansSwitch",
    fires: [{ series: {}, at: "5m", labels: [{ ...platform, severity: "none" }] }],
    quiet: [],
  },
  simple(
    "PrometheusConfigReloadFailed",
    "prometheus_config_last_reload_successful",
    { bad: "0x60", good: "1x60" },
    warning,
  ),
  simple(
    "AlertmanagerConfigReloadFailed",
    "alertmanager_config_last_reload_successful",
    { bad: "0x60", good: "1x60" },
    warning,
  ),
  {
    alert: "PrometheusRuleFailed",
    fires: [
      {
        series: {
          [`prometheus_rule_evaluation_failures_total{instance="${instance}",rule_group="apps"}`]:
            "0+1x60",
        },
        at: "30m",
        labels: [{ ...platform, ...warning, instance, rule_group: "apps" }],
      },
    ],
    quiet: [
      {
        series: {
          [`prometheus_rule_evaluation_failures_total{instance="${instance}",rule_group="apps"}`]:
            "3x60",
        },
        at: "30m",
      },
    ],
  },
  {
    alert: "TargetDown",
    fires: [
      {
        series: {
          'up{job="pods",namespace="harbor",pod="core-1",instance="10.0.0.2:8001"}': "0x60",
        },
        at: "15m",
        labels: [
          {
            ...platform,
            ...warning,
            job: "pods",
            namespace: "harbor",
            pod: "core-1",
            instance: "10.0.0.2:8001",
          },
        ],
      },
    ],
    quiet: [
      {
        series: {
          'up{job="pods",namespace="harbor",pod="core-1",instance="10.0.0.2:8001"}': "1x60",
        },
        at: "15m",
      },
    ],
  },
  simple(
    "AlertsNotDelivered",
    "prometheus_notifications_alertmanagers_discovered",
    { bad: "0x60", good: "3x60" },
    critical,
  ),
  simple(
    "AlertsNotDelivered",
    "prometheus_notifications_dropped_total",
    { bad: "0+1x60", good: "7x60" },
    critical,
  ),
  {
    alert: "NotificationsFailed",
    fires: [
      {
        series: { 'alertmanager_notifications_failed_total{integration="email"}': "0+1x60" },
        at: "30m",
        labels: [{ ...platform, ...critical, integration: "email" }],
      },
    ],
    quiet: [
      {
        series: { 'alertmanager_notifications_failed_total{integration="email"}': "7x60" },
        at: "30m",
      },
    ],
  },
  {
    alert: "MetricsMissing",
    fires: [
      {
        series: essential("kube_node_info"),
        at: "20m",
        labels: [{ ...platform, ...warning, metric: "kube_node_info" }],
      },
      {
        series: essential("elasticsearch_indices_settings_stats_read_only_indices"),
        at: "20m",
        labels: [
          {
            ...platform,
            ...warning,
            metric: "elasticsearch_indices_settings_stats_read_only_indices",
          },
        ],
      },
    ],
    quiet: [{ series: essential(undefined), at: "20m" }],
  },
];

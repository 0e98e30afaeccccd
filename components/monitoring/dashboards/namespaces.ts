import { graph, type Dashboard } from "./build";

const inNamespace = 'namespace="$namespace"';
const container = `${inNamespace},container!="",container!="POD"`;

/** Resource use of the pods of one namespace. */
export const namespaces: Dashboard = {
  uid: "platform-namespaces",
  title: "Namespaces",
  variables: [{ name: "namespace", series: "kube_namespace_created", label: "namespace" }],
  rows: [
    [
      graph(
        "Quota used",
        "percentunit",
        [
          {
            expr: `max by (resource) (kube_resourcequota{${inNamespace},type="used"}) / (max by (resource) (kube_resourcequota{${inNamespace},type="hard"}) > 0)`,
            legend: "{{resource}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.8, red: 0.9 } },
      ),
      graph("Pods by phase", "short", [
        { expr: `sum by (phase) (kube_pod_status_phase{${inNamespace}})`, legend: "{{phase}}" },
      ]),
    ],
    [
      graph("CPU by pod", "cores", [
        {
          expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${container}}[$__rate_interval]))`,
          legend: "{{pod}}",
        },
      ]),
      graph(
        "CPU throttling",
        "percentunit",
        [
          {
            expr: `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${container}}[$__rate_interval])) / (sum by (pod) (rate(container_cpu_cfs_periods_total{${container}}[$__rate_interval])) > 0)`,
            legend: "{{pod}}",
          },
        ],
        { max: 1 },
      ),
    ],
    [
      graph("Memory by pod", "bytes", [
        {
          expr: `sum by (pod) (container_memory_working_set_bytes{${container}})`,
          legend: "{{pod}}",
        },
      ]),
      graph(
        "Memory relative to limit",
        "percentunit",
        [
          {
            expr: `sum by (pod, container) (container_memory_working_set_bytes{${container}}) / sum by (pod, container) (kube_pod_container_resource_limits{${inNamespace},resource="memory"})`,
            legend: "{{pod}} {{container}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.8, red: 0.95 } },
      ),
    ],
    [
      graph("Restarts in 15 minutes", "short", [
        {
          expr: `sum by (pod) (increase(kube_pod_container_status_restarts_total{${inNamespace}}[15m]))`,
          legend: "{{pod}}",
        },
      ]),
      graph(
        "Volume space used",
        "percentunit",
        [
          {
            expr: `1 - min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${inNamespace}}) / max by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${inNamespace}})`,
            legend: "{{persistentvolumeclaim}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.85, red: 0.95 } },
      ),
    ],
  ],
};

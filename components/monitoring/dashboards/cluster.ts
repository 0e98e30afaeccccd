import { graph, stat, table, type Dashboard } from "./build";

const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nfs.*|ceph"';

/** What the whole platform does, on one page. */
export const overview: Dashboard = {
  uid: "platform-overview",
  title: "Platform overview",
  rows: [
    [
      stat(
        "Nodes that are ready",
        "short",
        'sum(kube_node_status_condition{condition="Ready",status="true"})',
      ),
      stat(
        "Nodes that are not",
        "short",
        'count(kube_node_status_condition{condition="Ready",status="true"} == 0) or vector(0)',
        { orange: 1, red: 2 },
      ),
      stat(
        "Critical alerts",
        "short",
        'count(ALERTS{alertstate="firing",severity="critical"}) or vector(0)',
        { orange: 1, red: 1 },
      ),
      stat(
        "Warnings",
        "short",
        'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)',
        { orange: 1, red: 10 },
      ),
      stat("Targets that give no metrics", "short", "count(up == 0) or vector(0)", {
        orange: 1,
        red: 5,
      }),
    ],
    [
      graph("CPU: used, requested, there", "cores", [
        {
          expr: 'sum(rate(node_cpu_seconds_total{mode!="idle"}[$__rate_interval]))',
          legend: "used",
        },
        { expr: 'sum(kube_pod_container_resource_requests{resource="cpu"})', legend: "requested" },
        { expr: 'sum(kube_node_status_allocatable{resource="cpu"})', legend: "there" },
      ]),
      graph("Memory: used, requested, there", "bytes", [
        {
          expr: "sum(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
          legend: "used",
        },
        {
          expr: 'sum(kube_pod_container_resource_requests{resource="memory"})',
          legend: "requested",
        },
        { expr: 'sum(kube_node_status_allocatable{resource="memory"})', legend: "there" },
      ]),
    ],
    [
      graph("Requests by app", "reqps", [
        { expr: "sum by (namespace, app) (app:requests:rate5m)", legend: "{{namespace}} {{app}}" },
      ]),
      graph("Share of errors by app", "percentunit", [
        { expr: "app:request_errors:ratio_rate5m", legend: "{{namespace}} {{app}}" },
      ]),
    ],
    [
      table(
        "Alerts",
        "short",
        'sum by (alertname, severity, team, namespace) (ALERTS{alertstate="firing",alertname!="DeadMansSwitch"})',
      ),
      graph("Requests of the API server", "reqps", [
        {
          expr: "sum by (code) (rate(apiserver_request_total[$__rate_interval]))",
          legend: "{{code}}",
        },
      ]),
    ],
  ],
};

/** The machines. */
export const nodes: Dashboard = {
  uid: "platform-nodes",
  title: "Nodes",
  rows: [
    [
      graph(
        "CPU",
        "percentunit",
        [
          {
            expr: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
            legend: "{{instance}}",
          },
        ],
        { max: 1 },
      ),
      graph(
        "Memory",
        "percentunit",
        [
          {
            expr: "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
            legend: "{{instance}}",
          },
        ],
        { max: 1 },
      ),
    ],
    [
      graph(
        "Disks, fullest first",
        "percentunit",
        [
          {
            expr: `topk(20, 1 - min by (instance, mountpoint) (node_filesystem_avail_bytes{${disks}}) / max by (instance, mountpoint) (node_filesystem_size_bytes{${disks}}))`,
            legend: "{{instance}} {{mountpoint}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.7, red: 0.93 } },
      ),
      graph("Load for each core", "short", [
        {
          expr: 'node_load5 / on (instance) count by (instance) (node_cpu_seconds_total{mode="idle"})',
          legend: "{{instance}}",
        },
      ]),
    ],
    [
      graph("Network, in", "Bps", [
        {
          expr: 'sum by (instance) (rate(node_network_receive_bytes_total{device!~"lo|veth.*|cali.*|cilium.*"}[$__rate_interval]))',
          legend: "{{instance}}",
        },
      ]),
      graph("Network, out", "Bps", [
        {
          expr: 'sum by (instance) (rate(node_network_transmit_bytes_total{device!~"lo|veth.*|cali.*|cilium.*"}[$__rate_interval]))',
          legend: "{{instance}}",
        },
      ]),
    ],
    [
      graph(
        "Disk, busy",
        "percentunit",
        [
          {
            expr: "max by (instance) (rate(node_disk_io_time_seconds_total[$__rate_interval]))",
            legend: "{{instance}}",
          },
        ],
        { max: 1 },
      ),
      table(
        "Conditions",
        "short",
        'max by (node, condition) (kube_node_status_condition{condition!="Ready",status="true"}) == 1 or max by (node, condition) (kube_node_status_condition{condition="Ready",status!="true"}) == 1',
      ),
    ],
  ],
};

const inNamespace = 'namespace="$namespace"';
const container = `${inNamespace},container!="",container!="POD"`;

/** What the pods of one namespace use. */
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
        "CPU that was held back",
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
        "Memory, share of the limit",
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
        "Volumes used",
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

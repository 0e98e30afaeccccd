import { graph, stat, table, type Dashboard } from "./build";

const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nfs.*|ceph"';

/** Overview of the whole platform. */
export const overview: Dashboard = {
  uid: "platform-overview",
  title: "Platform overview",
  rows: [
    [
      stat(
        "Nodes ready",
        "short",
        'sum(kube_node_status_condition{condition="Ready",status="true"})',
      ),
      stat(
        "Nodes not ready",
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
        "Warning alerts",
        "short",
        'count(ALERTS{alertstate="firing",severity="warning"}) or vector(0)',
        { orange: 1, red: 10 },
      ),
      stat("Targets down", "short", "count(up == 0) or vector(0)", {
        orange: 1,
        red: 5,
      }),
    ],
    [
      graph("CPU: used, requested, allocatable", "cores", [
        {
          expr: 'sum(rate(node_cpu_seconds_total{mode!="idle"}[$__rate_interval]))',
          legend: "used",
        },
        { expr: 'sum(kube_pod_container_resource_requests{resource="cpu"})', legend: "requested" },
        { expr: 'sum(kube_node_status_allocatable{resource="cpu"})', legend: "allocatable" },
      ]),
      graph("Memory: used, requested, allocatable", "bytes", [
        {
          expr: "sum(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
          legend: "used",
        },
        {
          expr: 'sum(kube_pod_container_resource_requests{resource="memory"})',
          legend: "requested",
        },
        { expr: 'sum(kube_node_status_allocatable{resource="memory"})', legend: "allocatable" },
      ]),
    ],
    [
      graph("Requests by app", "reqps", [
        { expr: "sum by (namespace, app) (app:requests:rate5m)", legend: "{{namespace}} {{app}}" },
      ]),
      graph("Error ratio by app", "percentunit", [
        { expr: "app:request_errors:ratio_rate5m", legend: "{{namespace}} {{app}}" },
      ]),
    ],
    [
      table(
        "Alerts",
        "short",
        'sum by (alertname, severity, team, namespace) (ALERTS{alertstate="firing",alertname!="DeadMansSwitch"})',
      ),
      graph("API server requests", "reqps", [
        {
          expr: "sum by (code) (rate(apiserver_request_total[$__rate_interval]))",
          legend: "{{code}}",
        },
      ]),
    ],
  ],
};

/** The nodes. */
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
        "Disk usage, fullest first",
        "percentunit",
        [
          {
            expr: `topk(20, 1 - min by (instance, mountpoint) (node_filesystem_avail_bytes{${disks}}) / max by (instance, mountpoint) (node_filesystem_size_bytes{${disks}}))`,
            legend: "{{instance}} {{mountpoint}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.7, red: 0.93 } },
      ),
      graph("Load per core", "short", [
        {
          expr: 'node_load5 / on (instance) count by (instance) (node_cpu_seconds_total{mode="idle"})',
          legend: "{{instance}}",
        },
      ]),
    ],
    [
      graph("Network received", "Bps", [
        {
          expr: 'sum by (instance) (rate(node_network_receive_bytes_total{device!~"lo|veth.*|cali.*|cilium.*"}[$__rate_interval]))',
          legend: "{{instance}}",
        },
      ]),
      graph("Network transmitted", "Bps", [
        {
          expr: 'sum by (instance) (rate(node_network_transmit_bytes_total{device!~"lo|veth.*|cali.*|cilium.*"}[$__rate_interval]))',
          legend: "{{instance}}",
        },
      ]),
    ],
    [
      graph(
        "Disk utilization",
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

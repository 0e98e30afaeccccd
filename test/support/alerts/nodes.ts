import { critical, platform, warning, type AlertCase } from "./case";

const condition = (name: string, status: string, value: 0 | 1) => ({
  [`kube_node_status_condition{node="worker-1",condition="${name}",status="${status}"}`]: `${value}x60`,
});
const disk = (available: string) => ({
  'node_filesystem_avail_bytes{instance="10.0.0.1:9100",mountpoint="/var",fstype="ext4"}':
    available,
  'node_filesystem_size_bytes{instance="10.0.0.1:9100",mountpoint="/var",fstype="ext4"}': "100x400",
});
const full = { ...platform, instance: "10.0.0.1:9100", mountpoint: "/var" };
const certificate = (notAfter: number, serial = 1, pod = "10.0.0.1:9100") => ({
  [`traefik_tls_certs_not_after{cn="shop.example.com",sans="shop.example.com",serial="${serial}",instance="${pod}"}`]: `${notAfter}x60`,
});
/** A pod reports the replaced certificate until it restarts. */
const renewed = { ...certificate(2 * 86_400), ...certificate(80 * 86_400, 2) };
const gateway = { ...platform, cn: "shop.example.com", sans: "shop.example.com" };
const kubelet = (ttl: number | string) => ({
  'kubelet_certificate_manager_client_ttl_seconds{instance="worker-1"}': `${ttl}x60`,
});
const histogram = (metric: string, labels: string, bounds: string[], seconds: number) =>
  Object.fromEntries(
    [...bounds, "+Inf"].map((le) => [
      `${metric}{${labels},le="${le}"}`,
      `0+${le === "+Inf" || Number(le) >= seconds ? 60 : 0}x60`,
    ]),
  );
const requests = (seconds: number, operation = "get") =>
  histogram(
    "etcd_request_duration_seconds_bucket",
    `operation="${operation}",instance="apiserver"`,
    ["0.5", "1", "2", "4"],
    seconds,
  );
const writes = (seconds: number) =>
  histogram(
    "etcd_disk_wal_fsync_duration_seconds_bucket",
    'instance="etcd-0"',
    ["0.01", "0.1", "0.5"],
    seconds,
  );
const database = (size: number) => ({
  'etcd_mvcc_db_total_size_in_bytes{instance="etcd-0"}': `${size}x60`,
  'etcd_server_quota_backend_bytes{instance="etcd-0"}': "100x60",
});
const etcd = { ...platform, instance: "etcd-0" };

/** Alerts on nodes, certificates and etcd. */
export const nodes: AlertCase[] = [
  {
    alert: "NodeLost",
    fires: [
      {
        series: { ...condition("Ready", "true", 0), ...condition("Ready", "unknown", 1) },
        at: "5m",
        labels: [{ ...platform, ...critical, node: "worker-1" }],
      },
    ],
    quiet: [
      { series: condition("Ready", "true", 1), at: "5m" },
      { series: condition("Ready", "true", 0), at: "2m" },
    ],
  },
  {
    alert: "NodePressure",
    fires: [
      {
        series: condition("MemoryPressure", "true", 1),
        at: "10m",
        labels: [{ ...platform, ...warning, node: "worker-1", condition: "MemoryPressure" }],
      },
    ],
    quiet: [{ series: condition("MemoryPressure", "true", 0), at: "10m" }],
  },
  {
    alert: "NodeDiskFilling",
    fires: [
      { series: disk("45-0.08x400"), at: "300m", labels: [{ ...full, ...warning }] },
      { series: disk("5x400"), at: "10m", labels: [{ ...full, ...critical }] },
    ],
    quiet: [
      { series: disk("20x400"), at: "300m" },
      { series: disk("90-0.08x400"), at: "300m" },
      {
        series: {
          'node_filesystem_avail_bytes{instance="a",mountpoint="/run",fstype="tmpfs"}': "1x60",
          'node_filesystem_size_bytes{instance="a",mountpoint="/run",fstype="tmpfs"}': "100x60",
        },
        at: "10m",
      },
    ],
  },
  {
    alert: "GatewayCertificateExpires",
    fires: [
      { series: certificate(10 * 86_400), at: "30m", labels: [{ ...gateway, ...warning }] },
      {
        series: certificate(2 * 86_400),
        at: "30m",
        labels: [
          { ...gateway, ...critical },
          { ...gateway, ...warning },
        ],
      },
      {
        // Another pod did not load the new one.
        series: { ...renewed, ...certificate(10 * 86_400, 1, "10.0.0.2:9100") },
        at: "30m",
        labels: [{ ...gateway, ...warning }],
      },
    ],
    quiet: [
      { series: certificate(30 * 86_400), at: "30m" },
      { series: renewed, at: "30m" },
    ],
  },
  {
    alert: "KubeletCertificateExpires",
    fires: [
      {
        series: kubelet(5 * 86_400),
        at: "30m",
        labels: [{ ...platform, ...warning, instance: "worker-1" }],
      },
    ],
    quiet: [{ series: kubelet(30 * 86_400), at: "30m" }],
  },
  {
    alert: "EtcdSlow",
    fires: [{ series: requests(4), at: "20m", labels: [{ ...platform, ...warning }] }],
    quiet: [
      { series: requests(0.5), at: "20m" },
      { series: requests(4, "list"), at: "20m" },
    ],
  },
  {
    alert: "EtcdNoLeader",
    fires: [
      {
        series: { 'etcd_server_has_leader{instance="etcd-0"}': "1x5 0x20" },
        at: "10m",
        labels: [{ ...etcd, ...critical }],
      },
    ],
    quiet: [{ series: { 'etcd_server_has_leader{instance="etcd-0"}': "1x20" }, at: "10m" }],
  },
  {
    alert: "EtcdDiskSlow",
    fires: [{ series: writes(0.5), at: "20m", labels: [{ ...etcd, ...warning }] }],
    quiet: [{ series: writes(0.01), at: "20m" }],
  },
  {
    alert: "EtcdDatabaseLarge",
    fires: [{ series: database(85), at: "20m", labels: [{ ...etcd, ...warning }] }],
    quiet: [{ series: database(60), at: "20m" }],
  },
];

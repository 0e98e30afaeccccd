import { day } from "../../../config/durations";
import type { Alert, RuleGroup } from "./rule";

/**
 * Seconds until each of the gateway's certificates expires, on the pod where that is soonest. Until it restarts, a pod
 * also reports the certificates that it no longer serves. Of those with the same names, the one that expires last
 * counts: the renewed one. If the new one expires earlier, the former one counts, which the metric cannot tell.
 */
export const gatewayCertificateLeft =
  "min by (cn, sans) (max by (cn, sans, instance) (traefik_tls_certs_not_after)) - time()";

/** Alerts on certificates that expire. */
export function certificates(team: string): RuleGroup {
  return {
    name: "certificates",
    rules: [
      ...expiryAlerts(
        "GatewayCertificateExpires",
        gatewayCertificateLeft,
        { warning: 21 * day, critical: 3 * day },
        team,
        "The gateway's certificate for {{ $labels.cn }} expires",
        "The certificate for {{ $labels.cn }} ({{ $labels.sans }}) expires in {{ $value | humanizeDuration }}. Clients refuse HTTPS after that.",
      ),
      ...expiryAlerts(
        "KubeletCertificateExpires",
        "min by (instance) (kubelet_certificate_manager_client_ttl_seconds)",
        { warning: 7 * day, critical: day },
        team,
        "The kubelet's certificate on {{ $labels.instance }} expires",
        "The kubelet of {{ $labels.instance }} did not renew its certificate, which expires in {{ $value | humanizeDuration }}. The node is lost after that.",
      ),
    ],
  };
}

function expiryAlerts(
  alert: string,
  left: string,
  below: { warning: number; critical: number },
  team: string,
  summary: string,
  description: string,
): Alert[] {
  return (["warning", "critical"] as const).map((severity) => ({
    alert,
    expr: `${left} < ${below[severity]}`,
    for: "15m",
    severity,
    team,
    summary,
    description,
  }));
}

/** Alerts on etcd as the API server sees it and, if it is scraped, on etcd itself. */
export function etcd(team: string, scraped: boolean): RuleGroup {
  const slow: Alert = {
    alert: "EtcdSlow",
    expr: 'histogram_quantile(0.99, sum by (le) (rate(etcd_request_duration_seconds_bucket{operation!~"list.*"}[5m]))) > 1',
    for: "10m",
    severity: "warning",
    team,
    summary: "etcd answers the API server slowly",
    description:
      "One request in a hundred of the API server to etcd takes {{ $value | humanizeDuration }} or more. Everything in the cluster waits for it.",
  };
  return { name: "etcd", rules: [slow, ...(scraped ? members(team) : [])] };
}

function members(team: string): Alert[] {
  return [
    {
      alert: "EtcdNoLeader",
      expr: "max by (instance) (etcd_server_has_leader) == 0",
      for: "1m",
      severity: "critical",
      team,
      summary: "The etcd member {{ $labels.instance }} has no leader",
      description:
        "The etcd member {{ $labels.instance }} knows of no leader. Without a majority of members, nothing in the cluster can change.",
    },
    {
      alert: "EtcdDiskSlow",
      expr: "histogram_quantile(0.99, sum by (le, instance) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m]))) > 0.1",
      for: "10m",
      severity: "warning",
      team,
      summary: "The disk of the etcd member {{ $labels.instance }} is slow",
      description:
        "One write in a hundred of {{ $labels.instance }} takes {{ $value | humanizeDuration }} or more to reach the disk; above 10 ms, etcd may lose its leader.",
    },
    {
      alert: "EtcdDatabaseLarge",
      expr: "max by (instance) (etcd_mvcc_db_total_size_in_bytes) / max by (instance) (etcd_server_quota_backend_bytes) > 0.8",
      for: "10m",
      severity: "warning",
      team,
      summary: "The database of the etcd member {{ $labels.instance }} is nearly full",
      description:
        "{{ $value | humanizePercentage }} of the space of {{ $labels.instance }} is used. etcd refuses all writes when it is full.",
    },
  ];
}

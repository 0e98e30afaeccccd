/** Rules for the stored metrics of a job. `*` matches any characters; the name of a histogram ends with it. */
export interface MetricRules {
  /** Metrics to keep; all others are dropped. Default: all. */
  keep?: readonly string[];
  /** Metrics to drop although `keep` matches. */
  drop?: readonly string[];
}

/** Metrics of every Kubernetes program about itself and its calls to the API server. */
export const programs = [
  "go_goroutines",
  "go_memstats_alloc_bytes",
  "kubernetes_build_info",
  "process_cpu_seconds_total",
  "process_max_fds",
  "process_open_fds",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
  "rest_client_request_duration_seconds_*",
  "rest_client_requests_total",
];

/** Metrics of a controller about its queues. */
const queues = [
  "workqueue_adds_total",
  "workqueue_depth",
  "workqueue_queue_duration_seconds_*",
  "workqueue_retries_total",
  "workqueue_unfinished_work_seconds",
];

/** The metrics of the control plane that are stored. */
export const controlPlaneMetrics = {
  apiserver: {
    keep: [
      ...programs,
      ...queues,
      "aggregator_unavailable_apiservice*",
      "apiserver_admission_controller_admission_duration_seconds_*",
      "apiserver_admission_webhook_*",
      "apiserver_audit_*_total",
      "apiserver_client_certificate_expiration_seconds_*",
      "apiserver_current_inflight_requests",
      "apiserver_flowcontrol_current_executing_requests",
      "apiserver_flowcontrol_current_inqueue_requests",
      "apiserver_flowcontrol_rejected_requests_total",
      "apiserver_request_duration_seconds_*",
      "apiserver_request_sli_duration_seconds_*",
      "apiserver_request_terminations_total",
      "apiserver_request_total",
      "apiserver_resource_objects",
      "apiserver_storage_objects",
      "apiserver_storage_size_bytes",
      "etcd_request_duration_seconds_*",
    ],
  },
  etcd: {
    keep: [
      ...programs,
      "etcd_disk_backend_commit_duration_seconds_*",
      "etcd_disk_wal_fsync_duration_seconds_*",
      "etcd_mvcc_db_total_size_in_bytes",
      "etcd_mvcc_db_total_size_in_use_in_bytes",
      "etcd_network_client_grpc_*_bytes_total",
      "etcd_network_peer_*",
      "etcd_server_has_leader",
      "etcd_server_health_failures",
      "etcd_server_heartbeat_send_failures_total",
      "etcd_server_id",
      "etcd_server_is_leader",
      "etcd_server_leader_changes_seen_total",
      "etcd_server_proposals_*",
      "etcd_server_quota_backend_bytes",
      "etcd_server_slow_*_total",
      "etcd_server_version",
      "grpc_server_handled_total",
      "grpc_server_handling_seconds_*",
      "grpc_server_started_total",
    ],
  },
  "controller-manager": {
    keep: [
      ...programs,
      ...queues,
      "attachdetach_controller_forced_detaches",
      "cronjob_controller_*",
      "job_controller_*",
      "leader_election_master_status",
      "node_collector_*",
      "pv_collector_*",
    ],
  },
  scheduler: {
    keep: [
      ...programs,
      "leader_election_master_status",
      "scheduler_pending_pods",
      "scheduler_pod_scheduling_sli_duration_seconds_*",
      "scheduler_preemption_*",
      "scheduler_queue_incoming_pods_total",
      "scheduler_schedule_attempts_total",
      "scheduler_scheduling_attempt_duration_seconds_*",
      "scheduler_unschedulable_pods",
    ],
  },
  "kube-proxy": {
    keep: [
      ...programs,
      "kubeproxy_network_programming_duration_seconds_*",
      "kubeproxy_proxy_healthz_total",
      "kubeproxy_sync_full_proxy_rules_duration_seconds_*",
      "kubeproxy_sync_proxy_rules_*",
    ],
  },
  coredns: {
    keep: [
      ...programs,
      "coredns_build_info",
      "coredns_cache_entries",
      "coredns_cache_hits_total",
      "coredns_cache_misses_total",
      "coredns_dns_request_duration_seconds_*",
      "coredns_dns_requests_total",
      "coredns_dns_responses_total",
      "coredns_forward_*_total",
      "coredns_panics_total",
      "coredns_proxy_request_duration_seconds_*",
      "coredns_reload_failed_total",
    ],
  },
} as const satisfies Record<string, MetricRules>;

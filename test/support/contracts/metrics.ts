/**
 * Sources of the metrics that rules and dashboards use, for systems that no package registry provides: files at the
 * given tag. `<namespace>_<subsystem>_<name>` is the full name.
 */
export const metricSources: Record<string, { source: string; metrics: Record<string, string> }> = {
  tempo: {
    source: "grafana/tempo v2.10.8",
    metrics: {
      tempo_discarded_spans_total: "modules/overrides/discarded_spans.go",
      tempo_distributor_spans_received_total: "modules/distributor/distributor.go",
      tempo_ingester_failed_flushes_total: "modules/ingester/flush.go",
      tempodb_blocklist_length: "tempodb/blocklist/poller.go",
      tempodb_compaction_errors_total: "tempodb/compactor.go",
    },
  },
  "kafka-exporter": {
    source: "danielqsj/kafka_exporter v1.9.0",
    metrics: {
      kafka_brokers: "kafka_exporter.go",
      kafka_consumergroup_current_offset: "kafka_exporter.go",
      kafka_consumergroup_lag: "kafka_exporter.go",
      kafka_topic_partition_current_offset: "kafka_exporter.go",
      kafka_topic_partition_under_replicated_partition: "kafka_exporter.go",
    },
  },
  // Names of gauges are unchanged. Results of runs are meters, whose names get the suffix `_total`.
  jenkins: {
    source: "jenkinsci/metrics-plugin 4.2.37-489.vb_6db_69b_ce753",
    metrics: {
      jenkins_executor_count_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_executor_in_use_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_node_online_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_queue_blocked_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_queue_size_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_queue_stuck_value: "impl/JenkinsMetricProviderImpl.java",
      jenkins_runs_aborted_total: "impl/JenkinsMetricProviderImpl.java",
      jenkins_runs_failure_total: "impl/JenkinsMetricProviderImpl.java",
      jenkins_runs_success_total: "impl/JenkinsMetricProviderImpl.java",
      jenkins_runs_unstable_total: "impl/JenkinsMetricProviderImpl.java",
    },
  },
  harbor: {
    source: "goharbor/harbor v2.15.1",
    metrics: {
      harbor_artifact_pulled: "src/pkg/exporter/project_collector.go",
      harbor_core_http_request_total: "src/lib/metric/collector.go",
      harbor_project_quota_byte: "src/pkg/exporter/project_collector.go",
      harbor_project_quota_usage_byte: "src/pkg/exporter/project_collector.go",
      harbor_statistics_total_storage_consumption: "src/pkg/exporter/statistics_collector.go",
      harbor_task_queue_size: "src/pkg/exporter/js_collector.go",
      harbor_up: "src/pkg/exporter/health_collector.go",
    },
  },
};

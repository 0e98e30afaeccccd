import { graph, stat, type Dashboard } from "./build";

/** The log pipeline: Filebeat, Kafka, its consumers, Elasticsearch. */
export const logging: Dashboard = {
  uid: "platform-logging",
  title: "Logging pipeline",
  rows: [
    [
      stat(
        "Nodes without Filebeat",
        "short",
        'sum(kube_daemonset_status_desired_number_scheduled{daemonset=~"filebeat.*"} - kube_daemonset_status_number_ready{daemonset=~"filebeat.*"})',
        { orange: 1, red: 3 },
      ),
      stat("Kafka brokers", "short", "max(kafka_brokers)"),
      stat("Consumer lag", "short", "sum(kafka_consumergroup_lag)", {
        orange: 10_000,
        red: 1_000_000,
      }),
      stat(
        "Elasticsearch is red",
        "short",
        'max(elasticsearch_cluster_health_status{color="red"})',
        { orange: 1, red: 1 },
      ),
      stat(
        "Read-only indices",
        "short",
        "max(elasticsearch_indices_settings_stats_read_only_indices)",
        { orange: 1, red: 1 },
      ),
    ],
    [
      graph("Messages produced", "cps", [
        {
          expr: 'sum by (topic) (rate(kafka_topic_partition_current_offset{topic!~"__.+"}[$__rate_interval]))',
          legend: "{{topic}}",
        },
      ]),
      graph("Messages consumed by consumer group", "cps", [
        {
          expr: "sum by (consumergroup, topic) (rate(kafka_consumergroup_current_offset[$__rate_interval]))",
          legend: "{{consumergroup}} {{topic}}",
        },
      ]),
      graph("Lag by consumer group", "short", [
        {
          expr: "sum by (consumergroup, topic) (kafka_consumergroup_lag)",
          legend: "{{consumergroup}} {{topic}}",
        },
      ]),
    ],
    [
      graph("Documents indexed", "cps", [
        {
          expr: "sum by (name) (rate(elasticsearch_indices_indexing_index_total[$__rate_interval]))",
          legend: "{{name}}",
        },
      ]),
      graph("Under-replicated partitions", "short", [
        {
          expr: "sum by (topic) (kafka_topic_partition_under_replicated_partition)",
          legend: "{{topic}}",
        },
      ]),
    ],
    [
      graph(
        "Elasticsearch: disk used",
        "percentunit",
        [
          {
            expr: "1 - elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes",
            legend: "{{name}}",
          },
        ],
        { max: 1, thresholds: { orange: 0.8, red: 0.9 } },
      ),
      graph(
        "Elasticsearch: heap used",
        "percentunit",
        [
          {
            expr: 'elasticsearch_jvm_memory_used_bytes{area="heap"} / elasticsearch_jvm_memory_max_bytes{area="heap"}',
            legend: "{{name}}",
          },
        ],
        { max: 1 },
      ),
    ],
    [
      graph("Elasticsearch: health", "short", [
        { expr: "sum by (color) (elasticsearch_cluster_health_status)", legend: "{{color}}" },
      ]),
      graph("Elasticsearch: unassigned shards", "short", [
        {
          expr: "sum by (cluster) (elasticsearch_cluster_health_unassigned_shards)",
          legend: "{{cluster}}",
        },
      ]),
    ],
  ],
};

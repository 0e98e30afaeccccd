import { critical, platform, warning, type AlertCase } from "./case";

const namespace = "logging";
const servers = (statefulset: string, ready: number, wanted: number) => ({
  [`kube_statefulset_status_replicas_ready{namespace="${namespace}",statefulset="${statefulset}"}`]: `${ready}x60`,
  [`kube_statefulset_replicas{namespace="${namespace}",statefulset="${statefulset}"}`]: `${wanted}x60`,
});
const filebeat = (ready: number) => ({
  [`kube_daemonset_status_desired_number_scheduled{namespace="${namespace}",daemonset="filebeat"}`]:
    "3x60",
  [`kube_daemonset_status_number_ready{namespace="${namespace}",daemonset="filebeat"}`]: `${ready}x60`,
});
const offsets = (perMinute: number, topic = "logs") => ({
  [`kafka_topic_partition_current_offset{topic="${topic}",partition="0"}`]: `0+${perMinute}x60`,
});
const lag = (messages: number) => ({
  'kafka_consumergroup_lag{consumergroup="logstash",topic="logs",partition="0"}': `${messages}x60`,
});
const consumed = (perMinute: number) => ({
  'kafka_consumergroup_current_offset{consumergroup="logstash",topic="logs",partition="0"}': `0+${perMinute}x60`,
});
const elasticsearchDisk = (available: number) => ({
  'elasticsearch_filesystem_data_available_bytes{cluster="logs",name="elasticsearch-0",path="/data"}': `${available}x60`,
  'elasticsearch_filesystem_data_size_bytes{cluster="logs",name="elasticsearch-0",path="/data"}':
    "100x60",
});
const disk = { ...platform, cluster: "logs", name: "elasticsearch-0" };
const down = (statefulset: string) => ({ ...platform, ...critical, namespace, statefulset });

/** Alerts on the logging pipeline. */
export const logging: AlertCase[] = [
  {
    alert: "FilebeatStopped",
    fires: [
      {
        series: filebeat(1),
        at: "15m",
        labels: [{ ...platform, ...warning, namespace, daemonset: "filebeat" }],
      },
    ],
    quiet: [{ series: filebeat(3), at: "15m" }],
  },
  {
    alert: "LogsStopped",
    fires: [
      {
        // Kafka's own topics still advance.
        series: { ...offsets(0), ...offsets(100, "__consumer_offsets") },
        at: "30m",
        labels: [{ ...platform, ...critical }],
      },
    ],
    quiet: [{ series: offsets(100), at: "30m" }],
  },
  {
    alert: "KafkaDown",
    fires: [{ series: servers("kafka", 0, 3), at: "5m", labels: [down("kafka")] }],
    quiet: [
      { series: servers("kafka", 1, 3), at: "5m" },
      { series: servers("elasticsearch", 0, 3), at: "5m" },
    ],
  },
  {
    alert: "KafkaBrokerMissing",
    fires: [
      {
        series: servers("kafka", 2, 3),
        at: "15m",
        labels: [{ ...down("kafka"), ...warning }],
      },
    ],
    quiet: [{ series: servers("kafka", 3, 3), at: "15m" }],
  },
  {
    alert: "KafkaUnderReplicated",
    fires: [
      {
        series: {
          'kafka_topic_partition_under_replicated_partition{topic="logs",partition="0"}': "1x60",
        },
        at: "20m",
        labels: [{ ...platform, ...warning, topic: "logs" }],
      },
    ],
    quiet: [
      {
        series: {
          'kafka_topic_partition_under_replicated_partition{topic="logs",partition="0"}': "0x60",
        },
        at: "20m",
      },
    ],
  },
  {
    alert: "LogstashStopped",
    fires: [
      {
        series: { ...offsets(100), ...consumed(0) },
        at: "40m",
        labels: [{ ...platform, ...critical, topic: "logs" }],
      },
    ],
    quiet: [
      { series: { ...offsets(100), ...consumed(10) }, at: "40m" },
      { series: { ...offsets(0), ...consumed(0) }, at: "40m" },
    ],
  },
  {
    alert: "KafkaLag",
    fires: [
      {
        series: { ...offsets(600), ...lag(12_000) },
        at: "40m",
        labels: [{ ...platform, ...warning, consumergroup: "logstash", topic: "logs" }],
      },
    ],
    quiet: [
      { series: { ...offsets(600), ...lag(3000) }, at: "40m" },
      { series: { ...offsets(1), ...lag(900) }, at: "40m" },
    ],
  },
  {
    alert: "ElasticsearchDown",
    fires: [{ series: servers("elasticsearch", 0, 3), at: "5m", labels: [down("elasticsearch")] }],
    quiet: [{ series: servers("elasticsearch", 2, 3), at: "5m" }],
  },
  {
    alert: "ElasticsearchRed",
    fires: [
      {
        series: { 'elasticsearch_cluster_health_status{cluster="logs",color="red"}': "1x60" },
        at: "5m",
        labels: [{ ...platform, ...critical, cluster: "logs" }],
      },
    ],
    quiet: [
      {
        series: {
          'elasticsearch_cluster_health_status{cluster="logs",color="red"}': "0x60",
          'elasticsearch_cluster_health_status{cluster="logs",color="yellow"}': "1x60",
        },
        at: "5m",
      },
    ],
  },
  {
    alert: "ElasticsearchReadOnly",
    fires: [
      {
        series: { elasticsearch_indices_settings_stats_read_only_indices: "0x5 12x60" },
        at: "10m",
        labels: [{ ...platform, ...critical }],
      },
    ],
    quiet: [
      { series: { elasticsearch_indices_settings_stats_read_only_indices: "0x60" }, at: "10m" },
    ],
  },
  {
    alert: "ElasticsearchDiskFilling",
    fires: [
      { series: elasticsearchDisk(15), at: "20m", labels: [{ ...disk, ...warning }] },
      {
        series: elasticsearchDisk(8),
        at: "20m",
        labels: [
          { ...disk, ...critical },
          { ...disk, ...warning },
        ],
      },
    ],
    quiet: [{ series: elasticsearchDisk(40), at: "20m" }],
  },
];

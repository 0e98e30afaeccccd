import type { PartNamespace } from "./args";
import type { Alert, RuleGroup } from "./rule";
import { withoutReadyPods, withMissingPods } from "./stateful-sets";

/** Topics other than Kafka's internal ones. */
const topics = 'topic!~"__.+"';

/** Accepted lag of a consumer: seconds, and messages below which the seconds are ignored. */
const lagLimits = { seconds: 600, messages: 1000 };

/** Alerts on the log pipeline: Filebeat, Kafka, its consumers, Elasticsearch. */
export function logging({ namespace }: PartNamespace, team: string): RuleGroup[] {
  return [
    { name: "filebeat", rules: filebeat(namespace, team) },
    { name: "kafka", rules: kafka(namespace, team) },
    { name: "elasticsearch", rules: elasticsearch(namespace, team) },
  ];
}

function filebeat(namespace: string, team: string): Alert[] {
  const pods = (metric: string) =>
    `max by (namespace, daemonset) (kube_daemonset_status_${metric}{namespace=~"${namespace}(-nodes)?",daemonset=~"filebeat.*"})`;
  return [
    {
      alert: "FilebeatStopped",
      expr: `${pods("desired_number_scheduled")} - ${pods("number_ready")} > 0`,
      for: "10m",
      severity: "warning",
      team,
      summary: "Filebeat has stopped on some nodes",
      description:
        "Filebeat has not run on {{ $value }} nodes for 10 minutes. Their logs arrive late, or never if the files are rotated away before it is back.",
    },
    {
      alert: "LogsStopped",
      expr: `sum(rate(kafka_topic_partition_current_offset{${topics}}[10m])) == 0`,
      for: "5m",
      severity: "critical",
      team,
      summary: "No log line arrives in Kafka",
      description:
        "Kafka runs, but has received no message from any node for 15 minutes. Filebeat has stopped everywhere, or cannot write.",
    },
  ];
}

function kafka(namespace: string, team: string): Alert[] {
  const servers = { namespace, prefix: "kafka" };
  const lag = "sum by (consumergroup, topic) (kafka_consumergroup_lag)";
  const produced = "sum by (topic) (rate(kafka_topic_partition_current_offset[15m]))";
  return [
    {
      alert: "KafkaDown",
      expr: withoutReadyPods(servers),
      for: "2m",
      severity: "critical",
      team,
      summary: "Kafka is down",
      description:
        "No pod of {{ $labels.statefulset }} in {{ $labels.namespace }} is ready. Kafka accepts no logs; Filebeat keeps its position in the files and continues from there.",
    },
    {
      alert: "KafkaBrokerMissing",
      expr: withMissingPods(servers),
      for: "10m",
      severity: "warning",
      team,
      summary: "A Kafka broker is missing",
      description:
        "Only {{ $value }} pods of {{ $labels.statefulset }} in {{ $labels.namespace }} are ready. One more failure may stop writes.",
    },
    {
      alert: "KafkaUnderReplicated",
      expr: "sum by (topic) (kafka_topic_partition_under_replicated_partition) > 0",
      for: "15m",
      severity: "warning",
      team,
      summary: "The topic {{ $labels.topic }} is under-replicated",
      description:
        "{{ $value }} partitions of {{ $labels.topic }} have fewer replicas in sync than they should.",
    },
    {
      alert: "LogstashStopped",
      expr: `sum by (topic) (rate(kafka_consumergroup_current_offset{consumergroup="logstash"}[10m])) == 0 and on (topic) ${produced} > 0`,
      for: "5m",
      severity: "critical",
      team,
      summary: "Logstash reads nothing from {{ $labels.topic }}",
      description:
        "Log lines arrive in {{ $labels.topic }}, and Logstash has read none of them for 15 minutes. Nothing new can be searched; lines are lost when the topic's retention ends.",
    },
    {
      alert: "KafkaLag",
      expr: `${lag} / on (topic) group_left () ${produced} > ${lagLimits.seconds} and ${lag} > ${lagLimits.messages}`,
      for: "15m",
      severity: "warning",
      team,
      summary: "The consumer {{ $labels.consumergroup }} is behind",
      description:
        "{{ $labels.consumergroup }} is {{ $value | humanizeDuration }} behind on {{ $labels.topic }}. Logs are lost when it falls behind by more than the topic's retention.",
    },
  ];
}

function elasticsearch(namespace: string, team: string): Alert[] {
  const free =
    "min by (cluster, name) (elasticsearch_filesystem_data_available_bytes) / max by (cluster, name) (elasticsearch_filesystem_data_size_bytes)";
  const disk = {
    alert: "ElasticsearchDiskFilling",
    team,
    summary: "The disk of {{ $labels.name }} is filling up",
    description:
      "{{ $value | humanizePercentage }} of the disk of {{ $labels.name }} is free. Below 15 % it gets no new shards, below 5 % its indices become read-only.",
  };
  return [
    {
      alert: "ElasticsearchDown",
      expr: withoutReadyPods({ namespace, prefix: "elasticsearch" }),
      for: "2m",
      severity: "critical",
      team,
      summary: "Elasticsearch is down",
      description:
        "No pod of {{ $labels.statefulset }} in {{ $labels.namespace }} is ready. Logs wait in Kafka and cannot be searched.",
    },
    {
      alert: "ElasticsearchRed",
      expr: 'max by (cluster) (elasticsearch_cluster_health_status{color="red"}) == 1',
      for: "2m",
      severity: "critical",
      team,
      summary: "Elasticsearch is red",
      description:
        "The cluster {{ $labels.cluster }} has a primary shard that is not allocated. Part of the logs cannot be read or written.",
    },
    {
      alert: "ElasticsearchReadOnly",
      expr: "max(elasticsearch_indices_settings_stats_read_only_indices) > 0",
      for: "1m",
      severity: "critical",
      team,
      summary: "Elasticsearch made indices read-only",
      description:
        "{{ $value }} indices are read-only because a disk was 95 % full. Logs wait in Kafka until there is room.",
    },
    { ...disk, expr: `${free} < 0.2`, for: "15m", severity: "warning" },
    { ...disk, expr: `${free} < 0.1`, for: "5m", severity: "critical" },
  ];
}

import { critical, platform, type Situation } from "./case";

/** A fault, the full text of its alert, and the same situation without the fault. */
export interface Fault {
  fault: string;
  alert: string;
  bad: Situation;
  good: Situation;
  labels: Record<string, string>;
  annotations: { summary: string; description: string };
}

const kafka = (ready: string): Situation => ({
  series: {
    'kube_statefulset_status_replicas_ready{namespace="logging",statefulset="kafka"}': ready,
  },
  at: "20m",
});
const readOnly = (indices: string): Situation => ({
  series: { elasticsearch_indices_settings_stats_read_only_indices: indices },
  at: "20m",
});
const node = (ready: string): Situation => ({
  series: { 'kube_node_status_condition{node="worker-3",condition="Ready",status="true"}': ready },
  at: "20m",
});
const disk = (available: string): Situation => ({
  series: {
    'node_filesystem_avail_bytes{instance="10.0.0.3:9100",mountpoint="/",fstype="xfs"}': available,
    'node_filesystem_size_bytes{instance="10.0.0.3:9100",mountpoint="/",fstype="xfs"}': "1000x60",
  },
  at: "20m",
});

/** Faults that the platform must report. */
export const faults: Fault[] = [
  {
    fault: "Kafka is down",
    alert: "KafkaDown",
    bad: kafka("3x10 0x50"),
    good: kafka("3x60"),
    labels: { ...platform, ...critical, namespace: "logging", statefulset: "kafka" },
    annotations: {
      summary: "Kafka is down",
      description:
        "No pod of kafka in logging is ready. Kafka accepts no logs; Filebeat keeps its position in the files and continues from there.",
    },
  },
  {
    fault: "Elasticsearch is read-only",
    alert: "ElasticsearchReadOnly",
    bad: readOnly("0x10 4x50"),
    good: readOnly("0x60"),
    labels: { ...platform, ...critical },
    annotations: {
      summary: "Elasticsearch made indices read-only",
      description:
        "4 indices are read-only because a disk was 95 % full. Logs wait in Kafka until there is room.",
    },
  },
  {
    fault: "a node is lost",
    alert: "NodeLost",
    bad: node("1x10 0x50"),
    good: node("1x60"),
    labels: { ...platform, ...critical, node: "worker-3" },
    annotations: {
      summary: "The node worker-3 is lost",
      description:
        "The node worker-3 has not been ready for 3 minutes. Its pods are started on other nodes after 5 minutes; those with volumes of this node wait until it is back.",
    },
  },
  {
    fault: "a disk fills up",
    alert: "NodeDiskFilling",
    bad: disk("500x10 60x50"),
    good: disk("500x60"),
    labels: { ...platform, ...critical, instance: "10.0.0.3:9100", mountpoint: "/" },
    annotations: {
      summary: "The disk / of 10.0.0.3:9100 is filling up",
      description: "6% of / on 10.0.0.3:9100 is free. The kubelet evicts pods when it is full.",
    },
  },
];

import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { bytes, host, name } from "../values";

/** The expected volume of log lines. Every size of the pipeline is derived from these numbers. */
const load = z.strictObject({
  /** Lines of all apps in a day. */
  linesPerDay: z.int().min(1000).max(3_000_000_000).default(1_000_000),
  /** Mean length of a line, bytes. */
  bytesPerLine: z.int().min(50).max(10_000).default(500),
  /** Ratio of the busiest minutes to the daily mean. */
  peakFactor: z.number().min(1).max(20).default(3),
});

/** Log files that apps write into directories of the node. */
const rotation = z.strictObject({
  /** A larger file is copied and then truncated. */
  maximumSize: bytes.default("100Mi"),
  /** Days after which rotated files, and files of deleted pods, are deleted. */
  keepDays: z.int().min(1).max(90).default(3),
  /** Minutes between two runs. */
  intervalMinutes: z.int().min(1).max(60).default(5),
});

/** A type in the SELinux policy of the nodes, for example `spc_t`. */
const selinuxType = z.string().regex(/^[a-z][a-z0-9_]*_t$/, {
  error: "a type of SELinux such as spc_t",
});

/** Logs of all pods: Filebeat, Kafka, Logstash, Elasticsearch and Kibana. */
export const logging = z.strictObject({
  load: load.prefault({}),
  /** Days for which a line can be searched. */
  retentionDays: z.int().min(1).max(365).default(10),
  /** Hours for which Kafka keeps all lines while Elasticsearch is unavailable. */
  bufferHours: z.int().min(1).max(168).default(24),
  /**
   * Whether every part survives the loss of a node: three nodes of Kafka, and at least three of Elasticsearch.
   */
  highlyAvailable: z.boolean().default(false),
  /** Domains of apps that other stacks of this environment declare, by the app's name. */
  otherApps: z.record(name, host).default({}),
  /**
   * StorageClass of block devices for Kafka, Logstash and Elasticsearch. Default: the cluster's default class.
   */
  storageClass: blockStorageClass.optional(),
  /**
   * Whether pods get the label `topology.kubernetes.io/zone` of their node (requires Kubernetes 1.35 and labels
   * on the nodes), so that copies of data are in different zones.
   */
  zones: z.boolean().default(false),
  /**
   * Secret in namespace `logging` with the keys `ca.crt`, `tls.crt` and `tls.key` (PKCS#8). Default: a Job
   * creates the certificates.
   */
  tlsSecret: name.optional(),
  /** Kafka, which holds the lines until Elasticsearch has them. */
  kafka: z
    .strictObject({
      /** Who can connect to Kafka: every pod in the namespace, or clients with a password, over TLS. */
      security: z.enum(["plaintext", "sasl-tls"]).default("plaintext"),
    })
    .prefault({}),
  /** Elasticsearch, which stores the lines and searches them. */
  elasticsearch: z
    .strictObject({
      /** Whether `vm.max_map_count` is at least 1048576 on the nodes, which makes searches faster. */
      memoryMap: z.boolean().default(false),
      /** Set it after the cluster has formed, so that no node can ever form a second one. */
      formed: z.boolean().default(false),
    })
    .prefault({}),
  /** Kibana, the web UI for searches. */
  kibana: z
    .strictObject({
      /** Host of the web UI. Default: `kibana.<stack domain>`. */
      host: host.optional(),
    })
    .prefault({}),
  rotation: rotation.prefault({}),
  /**
   * SELinux type of the pods that read and rotate files of the node, for nodes that enforce SELinux. Default: the
   * usual type of containers, which can read neither `/var/log` nor `/data/nodelogs`; `spc_t` can.
   */
  selinuxType: selinuxType.optional(),
});

/** @see {@link logging} */
export type LoggingConfig = z.infer<typeof logging>;

/** Returns the host of Kibana's web UI. */
export function kibanaHost({ kibana }: Pick<LoggingConfig, "kibana">, domain: string): string {
  return kibana.host ?? `kibana.${domain}`;
}

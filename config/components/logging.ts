import { z } from "zod";
import { blockStorageClass } from "../storage-class";
import { bytes, host, name } from "../values";

/** How many log lines there are; every size of the pipeline follows from these numbers. */
const load = z.strictObject({
  linesPerDay: z.int().min(1000).max(3_000_000_000).default(1_000_000),
  /** Mean length of a line in bytes. */
  bytesPerLine: z.int().min(50).max(10_000).default(500),
  /** How many times the day's mean the busiest minutes have. */
  peakFactor: z.number().min(1).max(20).default(3),
});

/** Log files that apps write into directories of the machine. */
const rotation = z.strictObject({
  /** A larger file is copied away and emptied. */
  maximumSize: bytes.default("100Mi"),
  /** Days after which a rotated file, or a file of a pod that is gone, is deleted. */
  keepDays: z.int().min(1).max(90).default(3),
  /** Minutes between two rounds. */
  intervalMinutes: z.int().min(1).max(60).default(5),
});

/** A type of the host's SELinux policy, for example `spc_t`. */
const selinuxType = z.string().regex(/^[a-z][a-z0-9_]*_t$/, {
  error: "a type of SELinux such as spc_t",
});

/** Logs of all pods: Filebeat, Kafka, Logstash, Elasticsearch and Kibana. */
export const logging = z.strictObject({
  load: load.prefault({}),
  /** Days for which a line can be found. */
  retentionDays: z.int().min(1).max(365).default(10),
  /** Hours for which Kafka holds everything while Elasticsearch is away. */
  bufferHours: z.int().min(1).max(168).default(24),
  /** Whether every part survives the loss of a machine: three of Kafka, at least three of Elasticsearch. */
  highlyAvailable: z.boolean().default(false),
  /** Domains of apps that other stacks of this environment declare, by the app's name. */
  otherApps: z.record(name, host).default({}),
  /** StorageClass of block devices for Kafka, Logstash and Elasticsearch; the cluster's default without it. */
  storageClass: blockStorageClass.optional(),
  /**
   * Whether pods get their machine's label `topology.kubernetes.io/zone` (Kubernetes 1.35 and later,
   * on labelled machines): copies of data then lie in different zones.
   */
  zones: z.boolean().default(false),
  /** Secret in namespace `logging` with ca.crt, tls.crt and tls.key (PKCS#8); made by a Job without it. */
  tlsSecret: name.optional(),
  kafka: z
    .strictObject({
      /** Who may talk to Kafka: every pod of the namespace, or those with a password, over TLS. */
      security: z.enum(["plaintext", "sasl-tls"]).default("plaintext"),
    })
    .prefault({}),
  elasticsearch: z
    .strictObject({
      /** Whether the machines have vm.max_map_count of 1048576 or more; searches are faster then. */
      memoryMap: z.boolean().default(false),
      /** Set once the cluster has formed: no node can then ever found a second one. */
      formed: z.boolean().default(false),
    })
    .prefault({}),
  kibana: z
    .strictObject({
      /** Host of the pages, `kibana.<domain of the stack>` without it. */
      host: host.optional(),
    })
    .prefault({}),
  rotation: rotation.prefault({}),
  /**
   * SELinux type of the pods that read and rotate files of the machine, for hosts that enforce
   * SELinux: a container's own type may read neither `/var/log` nor `/data/nodelogs`. `spc_t` may.
   */
  selinuxType: selinuxType.optional(),
});

/** @see {@link logging} */
export type LoggingConfig = z.infer<typeof logging>;

/** Host of Kibana's pages. */
export function kibanaHost({ kibana }: Pick<LoggingConfig, "kibana">, domain: string): string {
  return kibana.host ?? `kibana.${domain}`;
}

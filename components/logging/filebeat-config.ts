import { logKinds } from "../../config/app/template";
import type { LogKind } from "../../config";
import { javaTraces, tomcatRecords, type Multiline } from "./multiline";
import { loggingNamespace, nodesNamespace } from "./part";

/** Arguments of {@link filebeatConfig}. */
export interface FilebeatConfigArgs {
  /** Environment of the stack. */
  environment: string;
  /** Addresses and topic of Kafka, and the user. Default user: none, for Kafka without a login. */
  kafka: { servers: string[]; topic: string; user?: string };
}

/** Folder of the node that contains every app's log directories. */
export const nodeLogs = "/data/nodelogs";

/** Log kinds of an event: those of directories, and container output. */
export type EventKind = LogKind | "containers";

/**
 * Output streams of a container. Each is read separately, so that a line of one never splits a stack trace of the
 * other.
 */
const streams = ["stdout", "stderr"] as const;
type Stream = (typeof streams)[number];

/** Returns the path pattern of a kind's files: domain, pod, then folders and file names that the app chooses. */
export function nodeLogFiles(environment: string, kind: LogKind): string {
  return `${nodeLogs}/${environment}/${kind}/*/*/*`;
}

const multiline: Partial<Record<LogKind, Multiline>> = {
  devlogs: javaTraces,
  tomcatlogs: tomcatRecords,
};

/** Returns the content of `filebeat.yml`. */
export function filebeatConfig({ environment, kafka }: FilebeatConfigArgs): object {
  return {
    "filebeat.inputs": [
      ...streams.map((stream) => containerInput(environment, stream)),
      ...logKinds.map((kind) => directoryInput(environment, kind)),
    ],
    // Stores the read positions; without them, Filebeat would read everything again.
    "path.data": "/var/lib/filebeat",
    "logging.level": "info",
    "logging.to_stderr": true,
    // When Kafka is not available, the queue fills up and Filebeat stops reading.
    "queue.mem": { events: 4096, "flush.min_events": 1024, "flush.timeout": "1s" },
    processors: [
      podMetadata,
      { drop_fields: { fields: [...droppedFields, "host", "input"], ignore_missing: true } },
      { add_fields: { target: "kubernetes", fields: { node: { name: "${NODE_NAME}" } } } },
    ],
    "output.kafka": kafkaOutput(kafka),
    http: { enabled: true, host: "0.0.0.0", port: 5066 },
    "setup.ilm.enabled": false,
    "setup.template.enabled": false,
  };
}

const scanner = { check_interval: "10s", fingerprint: { enabled: true } };

/**
 * Bytes at the start of a file that identify it. Access logs of pods that start together begin with the same probes in
 * the same second, so the default, 1024, was too small. Lines of containers have nanoseconds.
 */
const fingerprintBytes = 8192;

/** Largest event in bytes; the rest is truncated. */
export const messageBytes = 900_000;

/**
 * Largest message to Kafka in bytes; Kafka drops larger ones. A message is JSON: an escaped byte becomes six
 * (`\\u0001`), and the fields add to it.
 */
export const kafkaMessageBytes = 6_000_000;

/** Fields about Filebeat itself, which searches do not need. */
const droppedFields = ["agent.ephemeral_id", "agent.name", "agent.type", "agent.version", "ecs"];

function input(
  kind: EventKind,
  environment: string,
  paths: string[],
  parsers: object[],
): Record<string, unknown> {
  return {
    type: "filestream",
    id: kind,
    message_max_bytes: messageBytes,
    enabled: true,
    paths,
    parsers,
    fields: { wtype: environment, ltype: kind },
    fields_under_root: true,
    // Identifies a file by its first bytes: a renamed or copied file is not read twice, and a new file with a reused
    // inode is read. `growing` also reads files that are shorter than the fingerprint.
    file_identity: { fingerprint: { growing: true } },
    prospector: { scanner },
    close: { on_state_change: { inactive: "5m" } },
    ignore_older: "72h",
    clean_inactive: "96h",
  };
}

/**
 * Adds the pod's metadata to container output. It is a processor of the whole Filebeat: as a processor of an input,
 * Filebeat starts it once for each file, with a watch of the API server each (elastic/beats#50376), and a file's first
 * lines go out before their pod is known.
 */
const podMetadata = {
  add_kubernetes_metadata: {
    when: { equals: { ltype: "containers" satisfies EventKind } },
    host: "${NODE_NAME}",
    default_indexers: { enabled: false },
    default_matchers: { enabled: false },
    indexers: [{ container: {} }],
    matchers: [{ logs_path: { logs_path: "/var/log/containers/" } }],
    add_resource_metadata: {
      deployment: false,
      cronjob: false,
      namespace: { enabled: false },
      node: { enabled: false },
    },
  },
};

function containerInput(environment: string, stream: Stream): object {
  const base = input(
    "containers",
    environment,
    ["/var/log/containers/*.log"],
    [{ container: { stream, format: "auto" } }, { multiline: javaTraces }],
  );
  return {
    ...base,
    // Read positions are stored by ID. stdout keeps the ID that was once used for both streams.
    id: stream === "stdout" ? "containers" : `containers-${stream}`,
    prospector: {
      scanner: {
        ...scanner,
        // The files are symbolic links into /var/log/pods.
        symlinks: true,
        // An error about its own line would be a new line, endlessly.
        exclude_files: [
          `/(filebeat-[^/_]+_${nodesNamespace}|logstash-[^/_]+_${loggingNamespace})_[^/]+$`,
        ],
      },
    },
  };
}

function directoryInput(environment: string, kind: LogKind): object {
  const lines = multiline[kind];
  const parsers = lines === undefined ? [] : [{ multiline: lines }];
  return {
    ...input(kind, environment, [nodeLogFiles(environment, kind)], parsers),
    // A rotated file is read to its end before it is compressed.
    prospector: {
      scanner: {
        ...scanner,
        fingerprint: { enabled: true, length: fingerprintBytes },
        exclude_files: ["\\.gz$"],
      },
    },
  };
}

function kafkaOutput({ servers, topic, user }: FilebeatConfigArgs["kafka"]): object {
  return {
    hosts: servers,
    topic,
    version: "2.6.0",
    // All in-sync replicas have a line before Filebeat discards it; it retries without limit.
    required_acks: -1,
    max_retries: -1,
    compression: "gzip",
    max_message_bytes: kafkaMessageBytes,
    bulk_max_size: 2048,
    // Keeps the lines of a file in order.
    "partition.hash": { hash: ["agent.id", "log.file.path"], reachable_only: false },
    ...(user === undefined
      ? {}
      : {
          username: user,
          password: "${KAFKA_PASSWORD}",
          "sasl.mechanism": "PLAIN",
          "ssl.certificate_authorities": ["/etc/filebeat/tls/ca.crt"],
        }),
  };
}

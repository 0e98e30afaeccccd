import { logKinds } from "../../config/app/template";
import type { LogKind } from "../../config";
import { javaTraces, tomcatRecords, type Multiline } from "./multiline";
import { loggingNamespace, nodesNamespace } from "./place";

/** Arguments of {@link filebeatConfig}. */
export interface FilebeatConfigArgs {
  environment: string;
  kafka: { servers: string[]; topic: string; user?: string };
}

/** Folder of the machine under which every app's log directories lie. */
export const nodeLogs = "/data/nodelogs";

/** Kinds of log that an event may have: those of directories, and what containers print. */
export type EventKind = LogKind | "containers";

/** What a container prints; each is read by itself, so that one never stands amid a trace of the other. */
const streams = ["stdout", "stderr"] as const;
type Stream = (typeof streams)[number];

/** Files of a kind: every pod's folder, below its domain's. Folder and names are the app's own. */
export function nodeLogFiles(environment: string, kind: LogKind): string {
  return `${nodeLogs}/${environment}/${kind}/*/*/*`;
}

const multiline: Partial<Record<LogKind, Multiline>> = {
  devlogs: javaTraces,
  tomcatlogs: tomcatRecords,
};

/** `filebeat.yml`. */
export function filebeatConfig({ environment, kafka }: FilebeatConfigArgs): object {
  return {
    "filebeat.inputs": [
      ...streams.map((stream) => containerInput(environment, stream)),
      ...logKinds.map((kind) => directoryInput(environment, kind)),
    ],
    // Where reading stands; losing it would read everything again.
    "path.data": "/var/lib/filebeat",
    "logging.level": "info",
    "logging.to_stderr": true,
    // Nothing is sent while Kafka is away: the queue fills up, and the files are read no further.
    "queue.mem": { events: 4096, "flush.min_events": 1024, "flush.timeout": "1s" },
    processors: [
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
 * Bytes by which two files of directories are told apart. Access logs of pods that start together
 * begin alike, with the same probes in the same second: 1024, the default, were not enough. A
 * container's lines carry nanoseconds.
 */
const fingerprintBytes = 8192;

/** Bytes of one event; what is more is cut off. */
export const messageBytes = 900_000;

/**
 * Bytes of one message to Kafka, which drops a larger one whole. An event is JSON there: a byte that
 * JSON escapes is six (`\\u0001`), and the fields come on top.
 */
export const kafkaMessageBytes = 6_000_000;

/** What Filebeat tells about itself with every line, and nobody searches for. */
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
    // By what a file begins with: a renamed or copied file is not read twice, and a new one with
    // the old one's inode is read. Growing: files with fewer bytes than are compared are read as well.
    file_identity: { fingerprint: { growing: true } },
    prospector: { scanner },
    close: { on_state_change: { inactive: "5m" } },
    ignore_older: "72h",
    clean_inactive: "96h",
  };
}

function containerInput(environment: string, stream: Stream): object {
  const base = input(
    "containers",
    environment,
    ["/var/log/containers/*.log"],
    [{ container: { stream, format: "auto" } }, { multiline: javaTraces }],
  );
  return {
    ...base,
    // Where reading stands is kept by id: stdout has the one that both had once.
    id: stream === "stdout" ? "containers" : `containers-${stream}`,
    prospector: {
      scanner: {
        ...scanner,
        // The files are links into /var/log/pods.
        symlinks: true,
        // A complaint about a line would be a line again, for ever.
        exclude_files: [
          `/(filebeat-[^/_]+_${nodesNamespace}|logstash-[^/_]+_${loggingNamespace})_[^/]+$`,
        ],
      },
    },
    processors: [
      {
        add_kubernetes_metadata: {
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
      },
    ],
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
    // Every in-sync copy has the lines before Filebeat forgets them; it tries for ever.
    required_acks: -1,
    max_retries: -1,
    compression: "gzip",
    max_message_bytes: kafkaMessageBytes,
    bulk_max_size: 2048,
    // Lines of one file stay in order.
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

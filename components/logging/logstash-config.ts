import { accessLog, sameDomains } from "./access-log";
import { nodeLogs } from "./filebeat-config";
import { plainLogin } from "./kafka-config";
import type { Pipeline, PipelinePlugin } from "./pipeline-text";
import { dataStream, otherDomain } from "./streams";

/** Arguments of {@link pipeline}. */
export interface PipelineArgs {
  /** Environment of the stack. */
  environment: string;
  /** Domain of each app, by the app's name. */
  domains: Record<string, string>;
  /** App of each additional host. Default: none. */
  hosts?: Record<string, string>;
  /** Addresses and topic of Kafka, and the user. Default user: none, for Kafka without a login. */
  kafka: { servers: string[]; topic: string; user?: string };
  /** Number of threads that read from Kafka, per pod. */
  consumerThreads: number;
  /** `event.original` is a second copy of the whole event. */
  elasticsearch: { url: string; user: string };
}

/** File with the CA certificate of the pipeline. */
const authorityFile = "/etc/logstash/tls/ca.crt";

/**
 * Path pattern of an app's log file: environment and kind are fields already; then follow the domain, the pod and the
 * file name.
 */
export const pathPattern = `${nodeLogs}/%{}/%{}/%{domain}/%{[kubernetes][pod][name]}/%{[log][file][name]}`;

/**
 * Returns the pipeline: it reads from Kafka, assigns a domain to every line, and writes to the domain's data stream.
 */
export function pipeline(args: PipelineArgs): Pipeline {
  return {
    input: [kafkaInput(args)],
    filter: [
      {
        if: '[ltype] == "containers"',
        then: [...appDomain(args.domains), ...accessLog(args.domains, args.hosts)],
        else: [{ plugin: "dissect", settings: { mapping: { "[log][file][path]": pathPattern } } }],
      },
      {
        if: "![domain]",
        then: [{ plugin: "mutate", settings: { add_field: { domain: otherDomain } } }],
      },
      {
        plugin: "mutate",
        settings: {
          lowercase: ["domain"],
          // A copy of the whole event as it came from Kafka.
          remove_field: ["[event][original]", "@version"],
        },
      },
      ownStream(args.domains),
    ],
    output: [elasticsearchOutput(args)],
  };
}

/** The domain of a container is that of its app; other containers have none. */
function appDomain(domains: Record<string, string>): Pipeline["filter"] {
  if (Object.keys(domains).length === 0) return [];
  return [
    {
      if: '[kubernetes][labels][app_kubernetes_io/part-of] == "apps"',
      then: [
        {
          plugin: "translate",
          settings: {
            source: "[kubernetes][labels][app_kubernetes_io/name]",
            target: "domain",
            dictionary: domains,
          },
        },
      ],
    },
  ];
}

/**
 * Only existing domains have a data stream: a folder with another name would create one, with new shards every day. Its
 * lines keep the name in their field, and go to the platform's stream.
 */
function ownStream(domains: Record<string, string>): PipelinePlugin {
  return {
    plugin: "translate",
    settings: {
      source: "domain",
      target: "[@metadata][stream]",
      dictionary: sameDomains(domains),
      fallback: otherDomain,
    },
  };
}

function kafkaInput({ kafka, consumerThreads }: PipelineArgs): PipelinePlugin {
  return {
    plugin: "kafka",
    settings: {
      bootstrap_servers: kafka.servers.join(","),
      topics: [kafka.topic],
      group_id: "logstash",
      client_id: "${POD_NAME}",
      codec: "json",
      consumer_threads: consumerThreads,
      // A new consumer group reads from the beginning.
      auto_offset_reset: "earliest",
      // A restart moves only the partitions that it must.
      partition_assignment_strategy: "cooperative_sticky",
      ...(kafka.user === undefined ? {} : kafkaLogin(kafka.user)),
    },
  };
}

function kafkaLogin(user: string): PipelinePlugin["settings"] {
  return {
    security_protocol: "SASL_SSL",
    sasl_mechanism: "PLAIN",
    sasl_jaas_config: `${plainLogin(user, "${KAFKA_PASSWORD}")};`,
    ssl_truststore_type: "PEM",
    ssl_truststore_location: authorityFile,
  };
}

function elasticsearchOutput({ environment, elasticsearch }: PipelineArgs): PipelinePlugin {
  return {
    plugin: "elasticsearch",
    settings: {
      hosts: [elasticsearch.url],
      index: dataStream(environment, "%{[@metadata][stream]}"),
      // The only action that data streams support.
      action: "create",
      data_stream: "false",
      // The bootstrap Job manages templates and lifecycle policies.
      manage_template: false,
      ilm_enabled: false,
      user: elasticsearch.user,
      password: "${ELASTICSEARCH_PASSWORD}",
      ssl_enabled: true,
      ssl_certificate_authorities: [authorityFile],
    },
  };
}

/** Returns `logstash.yml`. With the queue on disk, lines that were read from Kafka survive a restart. */
export function logstashSettings(queueGiB: number): Record<string, unknown> {
  return {
    "api.http.host": "0.0.0.0",
    "node.name": "${POD_NAME}",
    "path.data": "/usr/share/logstash/data",
    "path.config": "/usr/share/logstash/pipeline",
    // Preserves the order only with one worker; Kibana sorts by time.
    "pipeline.ordered": "auto",
    "pipeline.ecs_compatibility": "v8",
    "queue.type": "persisted",
    "queue.max_bytes": `${queueGiB}gb`,
    // An event that Elasticsearch rejects permanently, for example for its index name, does not block others.
    "dead_letter_queue.enable": true,
    "dead_letter_queue.max_bytes": "512mb",
    "dead_letter_queue.storage_policy": "drop_older",
    "dead_letter_queue.retain.age": "10d",
    "xpack.monitoring.enabled": false,
    "log.level": "info",
  };
}

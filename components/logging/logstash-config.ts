import { accessLog, sameDomains } from "./access-log";
import { nodeLogs } from "./filebeat-config";
import { plainLogin } from "./kafka-config";
import type { Pipeline, PipelinePlugin } from "./pipeline-text";
import { dataStream, otherDomain } from "./streams";

/** Arguments of {@link pipeline}. */
export interface PipelineArgs {
  environment: string;
  /** Domain of each app, by the app's name. */
  domains: Record<string, string>;
  kafka: { servers: string[]; topic: string; user?: string };
  consumerThreads: number;
  elasticsearch: { url: string; user: string };
}

/** File with the authority that signed the pipeline's certificates. */
const authorityFile = "/etc/logstash/tls/ca.crt";

/**
 * How an app's log file is taken apart: environment and kind are fields already, what follows is the
 * domain, the pod, and the file's name.
 */
export const pathPattern = `${nodeLogs}/%{}/%{}/%{domain}/%{[kubernetes][pod][name]}/%{[log][file][name]}`;

/** The one pipeline: from Kafka, through what gives every line its domain, to the domain's data stream. */
export function pipeline(args: PipelineArgs): Pipeline {
  return {
    input: [kafkaInput(args)],
    filter: [
      {
        if: '[ltype] == "containers"',
        then: [...appDomain(args.domains), ...accessLog(args.domains)],
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
          // The whole event once more, as it came from Kafka.
          remove_field: ["[event][original]", "@version"],
        },
      },
      ownStream(args.domains),
    ],
    output: [elasticsearchOutput(args)],
  };
}

/** A container's domain is that of its app; what else runs in the cluster has none. */
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
 * Only domains that there are have a stream: a folder of another name would make one of its own, with
 * shards for every day. Its lines keep the name in their field, and lie with the platform's.
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
      // A new group reads what is there already.
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
      // The one action that data streams know.
      action: "create",
      data_stream: "false",
      // The bootstrap Job owns templates and life cycle.
      manage_template: false,
      ilm_enabled: false,
      user: elasticsearch.user,
      password: "${ELASTICSEARCH_PASSWORD}",
      ssl_enabled: true,
      ssl_certificate_authorities: [authorityFile],
    },
  };
}

/** `logstash.yml`: with the queue on disk, lines that were taken from Kafka survive a restart. */
export function logstashSettings(queueGiB: number): Record<string, unknown> {
  return {
    "api.http.host": "0.0.0.0",
    "node.name": "${POD_NAME}",
    "path.data": "/usr/share/logstash/data",
    "path.config": "/usr/share/logstash/pipeline",
    // Lines of one file stay in order only with one worker; Kibana sorts by time.
    "pipeline.ordered": "auto",
    "pipeline.ecs_compatibility": "v8",
    "queue.type": "persisted",
    "queue.max_bytes": `${queueGiB}gb`,
    // What Elasticsearch refuses for good, for example for its index name, stops nothing else.
    "dead_letter_queue.enable": true,
    "dead_letter_queue.max_bytes": "512mb",
    "dead_letter_queue.storage_policy": "drop_older",
    "dead_letter_queue.retain.age": "10d",
    "xpack.monitoring.enabled": false,
    "log.level": "info",
  };
}

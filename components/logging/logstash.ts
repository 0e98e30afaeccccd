import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import { podsOf } from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { statefulSet } from "../shared/workload";
import type { Certificates } from "./certificates";
import type { ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import type { KafkaConnection } from "./kafka";
import { kafkaPorts } from "./kafka-config";
import { logstashSettings, pipeline } from "./logstash-config";
import { pipelineText } from "./pipeline-text";
import { dataDisk, identityVariables, secretVariable, type LoggingPart } from "./part";
import type { LoggingSize } from "./sizing";

/** Arguments of {@link logstash}. */
export interface LogstashArgs {
  /** Number of pods, consumer threads, and size of the queue. */
  size: LoggingSize["logstash"];
  /** Domain of each app, by the app's name. */
  domains: Record<string, string>;
  /** App of each additional host. Default: none. */
  hosts?: Record<string, string>;
  /** Connection to Kafka. */
  kafka: KafkaConnection;
  /** Connection to Elasticsearch. */
  elasticsearch: ElasticsearchConnection;
  /** Certificates of the pipeline. */
  certificates: Certificates;
  /** Resources that must exist first: the topic, and the template of the data streams. */
  dependsOn: pulumi.Resource[];
}

const name = "logstash";
const port = 9600;
/** Dead letters, and free space besides the queue. */
const diskBesideQueueGiB = 2;

/** Declares Logstash: it reads lines from Kafka, assigns their domain, and writes them to Elasticsearch. */
export function logstash(part: LoggingPart, args: LogstashArgs): void {
  const { size, kafka } = args;
  const files = immutableConfigMap(part, name, {
    data: configFiles(part.context.environment, args),
  });
  statefulSet(part, {
    name,
    replicas: size.replicas,
    serviceName: name,
    statefulSet: { podManagementPolicy: "Parallel" },
    spread: "preferred",
    user: 1000,
    ownsVolumes: "large",
    secrets: [...(kafka.login ? [kafka.login.secret] : []), args.elasticsearch.secret],
    // Time to write out the lines in flight.
    spec: { terminationGracePeriodSeconds: 120 },
    containers: [container(args)],
    volumes: [
      { name: "files", configMap: { name: files.name } },
      {
        name: "tls",
        secret: {
          secretName: args.certificates.secret,
          items: [{ key: "ca.crt", path: "ca.crt" }],
        },
      },
    ],
    claims: [dataDisk(size.queueGiB + diskBesideQueueGiB, part)],
    // A StatefulSet must name a Service; this one also gives each pod a DNS name for its API.
    service: { headless: true, ports: { api: port } },
    network: {
      egress: [
        { to: [podsOf("kafka")], ports: [kafkaPorts.client] },
        { to: [podsOf("elasticsearch")], ports: [elasticsearchPorts.http] },
      ],
    },
    dependsOn: [files.configMap, ...args.dependsOn],
  });
}

function configFiles(environment: string, args: LogstashArgs): Record<string, string> {
  const { servers, topic, login } = args.kafka;
  const text = pipelineText(
    pipeline({
      environment,
      domains: args.domains,
      hosts: args.hosts,
      kafka: { servers, topic, user: login?.user },
      consumerThreads: args.size.consumerThreads,
      elasticsearch: { url: args.elasticsearch.url, user: "logstash" },
    }),
  );
  return {
    "logstash.yml": stringify(logstashSettings(args.size.queueGiB)),
    "logstash.conf": text,
  };
}

function container({ kafka, elasticsearch }: LogstashArgs): PartContainer {
  const answers = { httpGet: { path: "/", port: "api" } };
  const folder = "/usr/share/logstash";
  return {
    name,
    image: "logstash",
    env: [
      ...identityVariables({ zones: false }),
      { name: "LS_JAVA_OPTS", value: "-Xms1g -Xmx1g" },
      secretVariable("ELASTICSEARCH_PASSWORD", elasticsearch.secret.name, "logstash"),
      ...(kafka.login
        ? [secretVariable("KAFKA_PASSWORD", kafka.login.secret.name, "client-password")]
        : []),
    ],
    ports: [{ name: "api", containerPort: port }],
    startupProbe: { ...answers, periodSeconds: 10, failureThreshold: 30 },
    livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 5 },
    readinessProbe: { ...answers, periodSeconds: 10, failureThreshold: 3 },
    resources: {
      requests: { cpu: "1", memory: "2Gi" },
      // Space for a heap dump when it runs out of memory.
      limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "2Gi" },
    },
    writableRoot: true,
    volumeMounts: [
      { name: "data", mountPath: `${folder}/data` },
      {
        name: "files",
        mountPath: `${folder}/config/logstash.yml`,
        subPath: "logstash.yml",
        readOnly: true,
      },
      {
        name: "files",
        mountPath: `${folder}/pipeline/logstash.conf`,
        subPath: "logstash.conf",
        readOnly: true,
      },
      { name: "tls", mountPath: "/etc/logstash/tls", readOnly: true },
    ],
  };
}

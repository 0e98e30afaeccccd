import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import { podsIn, podsOf } from "../shared/network-policy";
import { scratch, type PartContainer, type PodVolume } from "../shared/pod-template";
import type { DeclaredSecret } from "../shared/secret";
import { service } from "../shared/service";
import { statefulSet } from "../shared/workload";
import type { KafkaArgs } from "./kafka-args";
import * as config from "./kafka-config";
import { caughtUp, shutdownSeconds, stopLimitSeconds, waitUntilSafeToStop } from "./kafka-restarts";
import { topicJob } from "./kafka-topic";
import { kafkaUsers } from "./kafka-users";
import {
  dataDisk,
  identityVariables,
  loggingNamespace,
  nodesNamespace,
  type LoggingPart,
} from "./part";

/** Settings of a client of Kafka. */
export interface KafkaConnection {
  /** Bootstrap addresses. */
  servers: string[];
  topic: string;
  /** User, and Secret with the key `client-password`. Default: no login and no TLS. */
  login?: { user: string; password: pulumi.Output<string>; secret: DeclaredSecret };
  /** Resource that is ready once the topic exists. */
  ready: pulumi.Resource;
}

const name = "kafka";
const { settings, secrets, tls, data } = config.kafkaPaths;

/** Declares Kafka: one node, or three nodes that are both broker and controller, and its topic. */
export function kafka(part: LoggingPart, args: KafkaArgs): KafkaConnection {
  const users = args.security === "sasl-tls" ? kafkaUsers(part) : undefined;
  const nodes = nodesOf(part, args, users);
  const { client, controller } = config.kafkaPorts;
  // A name for each node, also before it is ready.
  service(part, name, {
    name: "kafka-nodes",
    headless: true,
    spec: { publishNotReadyAddresses: true },
    ports: { client, controller },
  });
  return {
    servers: [`${name}.${loggingNamespace}.svc:${config.kafkaPorts.client}`],
    topic: config.topic,
    login: users && { user: "client", password: users.client, secret: users },
    ready: topicJob(part, args, { users, dependsOn: [nodes] }),
  };
}

function script(file: string): string {
  return readFileSync(join(__dirname, "kafka", file), "utf8");
}

function nodesOf(
  part: LoggingPart,
  args: KafkaArgs,
  users: DeclaredSecret | undefined,
): k8s.apps.v1.StatefulSet {
  const { parent } = part;
  const highlyAvailable = args.size.nodes > 1;
  const files = immutableConfigMap(part, name, {
    data: {
      "start.sh": script("start.sh"),
      "in-sync.sh": script("in-sync.sh"),
      "server.properties": config.propertiesText(config.serverProperties(args.size, args.security)),
      "log4j2.yaml": stringify(config.log4j),
    },
  });
  const clusterId = new random.RandomId("kafka-cluster", { byteLength: 16 }, { parent }).b64Url;
  const { client, controller } = config.kafkaPorts;
  return statefulSet(part, {
    name,
    replicas: args.size.nodes,
    serviceName: "kafka-nodes",
    // Two of the three nodes must run before any of them is ready.
    statefulSet: { podManagementPolicy: "Parallel" },
    spread: highlyAvailable ? "required" : "preferred",
    replicatesData: true,
    user: 1000,
    ownsVolumes: "large",
    secrets: users && [users],
    spec: {
      terminationGracePeriodSeconds: shutdownSeconds + (highlyAvailable ? stopLimitSeconds : 0),
    },
    containers: [container(part, args, clusterId)],
    volumes: [
      { name: "files", configMap: { name: files.name } },
      // Settings, and a key with its certificate.
      scratch("tmp", "64Mi"),
      ...secretVolumes(args, users),
    ],
    claims: [dataDisk(args.size.diskGiB, part)],
    service: { ports: { client } },
    network: {
      ingress: [
        {
          from: [
            podsIn(nodesNamespace, "filebeat"),
            ...["logstash", "kafka-exporter", "kafka-topics", name].map(podsOf),
          ],
          ports: [client],
        },
        { from: [podsOf(name)], ports: [controller] },
      ],
      egress: [{ to: [podsOf(name)], ports: [client, controller] }],
    },
    dependsOn: [files.configMap, ...(users === undefined ? [] : args.certificates.createdBy)],
  });
}

function secretVolumes(
  { certificates }: KafkaArgs,
  users: DeclaredSecret | undefined,
): PodVolume[] {
  if (users === undefined) return [];
  const items = [
    { key: "users.properties", path: "users.properties" },
    { key: "node-client.properties", path: "client/client.properties" },
  ];
  return [
    { name: "users", secret: { secretName: users.name, items, defaultMode: 0o440 } },
    { name: "tls", secret: { secretName: certificates.secret, defaultMode: 0o440 } },
  ];
}

function container(
  part: LoggingPart,
  { size, security }: KafkaArgs,
  clusterId: pulumi.Output<string>,
): PartContainer {
  const tcp = { port: "client" };
  const memory = `${2 * size.heapMiB}Mi`;
  const withUsers = security === "sasl-tls";
  return {
    name,
    image: "kafka",
    command: ["sh", `${settings}/start.sh`],
    env: [
      ...identityVariables(part),
      { name: "NODES_DOMAIN", value: config.nodesDomain },
      { name: "CLUSTER_ID", value: clusterId },
      { name: "KAFKA", value: config.kafkaPaths.home },
      { name: "SETTINGS", value: settings },
      { name: "SECRETS", value: secrets },
      { name: "CLIENT", value: config.kafkaPaths.client },
      { name: "TLS", value: tls },
      { name: "WORK", value: "/tmp" },
      // Half of the memory: the other half is page cache, from which consumers read.
      { name: "KAFKA_HEAP_OPTS", value: `-Xms${size.heapMiB}m -Xmx${size.heapMiB}m` },
      {
        name: "KAFKA_LOG4J_OPTS",
        value: `-Dlog4j2.configurationFile=${settings}/log4j2.yaml`,
      },
      { name: "LOG_DIR", value: "/tmp" },
      // Without the garbage collection log, which would take up to 1 GB there.
      { name: "EXTRA_ARGS", value: "-name kafkaServer" },
    ],
    ports: [
      { name: "client", containerPort: config.kafkaPorts.client },
      { name: "controller", containerPort: config.kafkaPorts.controller },
    ],
    startupProbe: caughtUp,
    livenessProbe: { tcpSocket: tcp, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { tcpSocket: tcp, periodSeconds: 10, failureThreshold: 3 },
    resources: {
      requests: { cpu: size.heapMiB >= 4096 ? "2" : "250m", memory },
      limits: { cpu: size.heapMiB >= 4096 ? "4" : "1", memory },
    },
    ...(size.nodes > 1 ? { lifecycle: { preStop: waitUntilSafeToStop } } : {}),
    volumeMounts: [
      { name: "data", mountPath: data },
      { name: "files", mountPath: settings, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...(withUsers
        ? [
            { name: "users", mountPath: secrets, readOnly: true },
            { name: "tls", mountPath: tls, readOnly: true },
          ]
        : []),
    ],
  };
}

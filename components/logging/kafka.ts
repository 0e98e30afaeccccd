import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import { disruptionBudget } from "../shared/budget";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { selectorLabels } from "../shared/labels";
import { platformPlacement } from "../shared/placement";
import {
  containerSecurityContext,
  ownsLargeVolumes,
  spread,
  withoutApiAccess,
} from "../shared/pods";
import type { DeclaredSecret } from "../shared/secret";
import { declareService } from "../shared/service";
import * as config from "./kafka-config";
import { caughtUp, shutdownSeconds, stopLimitSeconds, waitUntilSpared } from "./kafka-pace";
import { topicJob } from "./kafka-topic";
import { kafkaUsers } from "./kafka-users";
import {
  identityVariables,
  loggingNamespace,
  metadata,
  partLabels,
  podLabels,
  volumeClaim,
  type Place,
} from "./place";
import type { LoggingSize } from "./sizing";

/** Arguments of {@link kafka}. */
export interface KafkaArgs {
  size: LoggingSize["kafka"];
  /** Hours that Kafka holds a line for. */
  bufferHours: number;
  security: config.KafkaSecurity;
  /** Secret with ca.crt, tls.crt and tls.key. */
  tlsSecret: string;
}

/** What a client of Kafka needs to know. */
export interface KafkaConnection {
  /** Addresses to begin with. */
  servers: string[];
  topic: string;
  /** User, and Secret with the key `client-password`; without it there is no password and no TLS. */
  login?: { user: string; password: pulumi.Output<string>; secret: DeclaredSecret };
  /** What is in place once the topic is. */
  ready: pulumi.Resource;
}

const name = "kafka";
const selector = selectorLabels(name);
const { settings, secrets, tls, data } = config.kafkaPaths;

/** Kafka: one node, or three that are brokers and controllers at once, and its one topic. */
export function kafka(place: Place, args: KafkaArgs): KafkaConnection {
  const users = args.security === "sasl-tls" ? kafkaUsers(place) : undefined;
  const nodes = statefulSet(place, args, users);
  services(place);
  if (args.size.nodes > 1) {
    disruptionBudget(name, metadata(name, place), selector, place.parent);
  }
  return {
    servers: [`${name}.${loggingNamespace}.svc:${config.kafkaPorts.client}`],
    topic: config.topic,
    login: users && { user: "client", password: users.client, secret: users },
    ready: topicJob(place, args, { users, dependsOn: [nodes] }),
  };
}

function script(file: string): string {
  return readFileSync(join(__dirname, "kafka", file), "utf8");
}

function statefulSet(
  place: Place,
  args: KafkaArgs,
  users: DeclaredSecret | undefined,
): k8s.apps.v1.StatefulSet {
  const { namespace, parent } = place;
  const highlyAvailable = args.size.nodes > 1;
  const files = immutableConfigMap(
    name,
    {
      namespace,
      labels: partLabels(name),
      data: {
        "start.sh": script("start.sh"),
        "in-sync.sh": script("in-sync.sh"),
        "server.properties": config.propertiesText(
          config.serverProperties(args.size, args.security),
        ),
        "log4j2.yaml": stringify(config.log4j),
      },
    },
    parent,
  );
  const clusterId = new random.RandomId("kafka-cluster", { byteLength: 16 }, { parent }).b64Url;
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        serviceName: "kafka-nodes",
        replicas: args.size.nodes,
        // All at once: two of three are needed before any of them is ready.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: podLabels(name), annotations: users?.podAnnotations ?? {} },
          spec: {
            ...withoutApiAccess,
            securityContext: ownsLargeVolumes(1000),
            terminationGracePeriodSeconds:
              shutdownSeconds + (highlyAvailable ? stopLimitSeconds : 0),
            ...platformPlacement(place.placement),
            ...spread(selector, args.size.nodes === 1 ? "preferred" : "required"),
            containers: [container(place, args, clusterId)],
            volumes: [
              { name: "files", configMap: { name: files.name } },
              { name: "tmp", emptyDir: {} },
              ...secretVolumes(args, users),
            ],
          },
        },
        volumeClaimTemplates: [volumeClaim("data", args.size.diskGiB, place)],
      },
    },
    { parent, dependsOn: [files.configMap] },
  );
}

function secretVolumes(
  { tlsSecret }: KafkaArgs,
  users: DeclaredSecret | undefined,
): k8s.types.input.core.v1.Volume[] {
  if (users === undefined) return [];
  const items = [
    { key: "users.properties", path: "users.properties" },
    { key: "node-client.properties", path: "client/client.properties" },
  ];
  return [
    { name: "users", secret: { secretName: users.name, items, defaultMode: 0o440 } },
    { name: "tls", secret: { secretName: tlsSecret, defaultMode: 0o440 } },
  ];
}

function container(
  place: Place,
  { size, security }: KafkaArgs,
  clusterId: pulumi.Output<string>,
): k8s.types.input.core.v1.Container {
  const tcp = { port: "client" };
  const memory = `${2 * size.heapMiB}Mi`;
  const withUsers = security === "sasl-tls";
  return {
    name,
    image: imageReference(images.kafka, place.imageMirror),
    command: ["sh", `${settings}/start.sh`],
    env: [
      ...identityVariables(place),
      { name: "NODES_DOMAIN", value: config.nodesDomain },
      { name: "CLUSTER_ID", value: clusterId },
      { name: "KAFKA", value: config.kafkaPaths.home },
      { name: "SETTINGS", value: settings },
      { name: "SECRETS", value: secrets },
      { name: "CLIENT", value: config.kafkaPaths.client },
      { name: "TLS", value: tls },
      { name: "WORK", value: "/tmp" },
      // Half of the memory: the other half is the page cache that consumers read from.
      { name: "KAFKA_HEAP_OPTS", value: `-Xms${size.heapMiB}m -Xmx${size.heapMiB}m` },
      {
        name: "KAFKA_LOG4J_OPTS",
        value: `-Dlog4j2.configurationFile=${settings}/log4j2.yaml`,
      },
      { name: "LOG_DIR", value: "/tmp" },
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
    ...(size.nodes > 1 ? { lifecycle: { preStop: waitUntilSpared } } : {}),
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
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

/** One address for clients to begin with, and one name for each node, also before it is ready. */
function services(place: Place): void {
  const ports = [{ name: "client", port: config.kafkaPorts.client, targetPort: "client" }];
  declareService(
    name,
    { metadata: metadata(name, place), spec: { selector, ports } },
    { parent: place.parent },
  );
  declareService(
    "kafka-nodes",
    {
      metadata: { ...metadata(name, place), name: "kafka-nodes" },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector,
        ports: [
          ...ports,
          {
            name: "controller",
            port: config.kafkaPorts.controller,
            targetPort: "controller",
          },
        ],
      },
    },
    { parent: place.parent },
  );
}

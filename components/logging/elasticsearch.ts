import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { BucketKeys } from "../shared/bucket";
import { immutableConfigMap } from "../shared/config-map";
import { anyAddress, podsOf } from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { secret, type DeclaredSecret } from "../shared/secret";
import { service } from "../shared/service";
import { statefulSet } from "../shared/workload";
import {
  elasticsearchPorts as ports,
  elasticsearchSettings,
  type ElasticsearchSettingsArgs,
} from "./elasticsearch-config";
import type { Certificates } from "./certificates";
import { keystore, type Keystore } from "./keystore";
import { password } from "./passwords";
import {
  dataDisk,
  identityVariables,
  loggingNamespace,
  secretVariable,
  type LoggingPart,
} from "./part";
import type { LoggingSize } from "./sizing";

/** Arguments of {@link elasticsearch}. */
export interface ElasticsearchArgs extends Pick<ElasticsearchSettingsArgs, "memoryMap" | "formed"> {
  /** Number of nodes, and the size of each. */
  size: LoggingSize["elasticsearch"];
  /** Certificates of the pipeline. */
  certificates: Certificates;
  /** Keys of the bucket for snapshots. Default: no snapshots. */
  bucket?: BucketKeys;
}

/** Users of Elasticsearch in this program; the Secret has the password of each under its name. */
export const users = ["elastic", "kibana_system", "logstash", "exporter"] as const;

/** Settings of a client of Elasticsearch. */
export interface ElasticsearchConnection {
  url: string;
  /** Secret with the passwords by user. */
  secret: DeclaredSecret;
  /** Resource that is ready once the cluster responds. */
  ready: pulumi.Resource;
}

const name = "elasticsearch";
/** Workloads of the namespace that call its API. */
const clients = [
  "logstash",
  "kibana",
  "elasticsearch-exporter",
  "logging-bootstrap",
  "backup-elasticsearch",
];
const everyPort = { protocol: "TCP", port: 1, endPort: 65_535 };
const folder = "/usr/share/elasticsearch";
const scripts = "/etc/elasticsearch-scripts";
const settledScript = readFileSync(join(__dirname, "elasticsearch", "settled.sh"), "utf8");

/** Seconds that a node may take to stop, including the time until Services remove it. */
const shutdownSeconds = 180;
/** Seconds that a stop waits for missing shard copies. A limit, because draining a node must end. */
const stopLimitSeconds = 300;

/** Returns the command of the health script for one of its checks. */
function settledCommand(question: string, limitSeconds = 0): string[] {
  const variables = {
    URL: `https://localhost:${ports.http}`,
    CA: `${folder}/config/tls/ca.crt`,
    WORK: "/tmp",
    LIMIT: limitSeconds,
    GRACE: 20,
  };
  const assignments = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  return ["env", ...assignments, "sh", `${scripts}/settled.sh`, question];
}

/**
 * A node counts as started once all shards of the cluster are allocated; only then is the next one restarted. After the
 * loss of a disk that may take hours, and another restart would make it longer.
 */
const settled: k8s.types.input.core.v1.Probe = {
  exec: { command: settledCommand("started") },
  periodSeconds: 10,
  timeoutSeconds: 15,
  failureThreshold: (24 * 3600) / 10,
};

/** A node with the only copy of a shard stops after another copy exists. */
function waitUntilSafeToStop(nodes: number): k8s.types.input.core.v1.LifecycleHandler {
  return { exec: { command: settledCommand("may-stop", nodes > 1 ? stopLimitSeconds : 0) } };
}

/** Declares Elasticsearch: one node, or a cluster of identical nodes. */
export function elasticsearch(part: LoggingPart, args: ElasticsearchArgs): ElasticsearchConnection {
  const { parent } = part;
  const passwords = secret(part, name, {
    data: Object.fromEntries(
      users.map((user) => [user, password(`elasticsearch-${user}`, parent)]),
    ),
  });
  // Names under which nodes find each other, also before they are ready.
  service(part, name, {
    name: "elasticsearch-nodes",
    headless: true,
    spec: { publishNotReadyAddresses: true },
    ports: { http: ports.http, transport: ports.transport },
  });
  return {
    url: `https://${name}.${loggingNamespace}.svc:${ports.http}`,
    secret: passwords,
    ready: nodesOf(part, args, passwords),
  };
}

function nodesOf(
  part: LoggingPart,
  { size, certificates, bucket, ...settings }: ElasticsearchArgs,
  passwords: DeclaredSecret,
): k8s.apps.v1.StatefulSet {
  const { zones } = part;
  const yaml = stringify(elasticsearchSettings({ ...settings, nodes: size.nodes, zones }));
  const files = immutableConfigMap(part, name, {
    data: { "elasticsearch.yml": yaml, "settled.sh": settledScript },
  });
  const keys = keystore(part, `${folder}/config`, bucket);
  return statefulSet(part, {
    name,
    replicas: size.nodes,
    serviceName: "elasticsearch-nodes",
    // A cluster forms only when most of its initial masters run.
    statefulSet: { podManagementPolicy: "Parallel" },
    // Preferred only: when half of the nodes are lost, two pods share a node instead of waiting.
    spread: "preferred",
    replicatesData: true,
    user: 1000,
    ownsVolumes: "large",
    annotations: keys.annotations,
    spec: {
      terminationGracePeriodSeconds: shutdownSeconds + (size.nodes > 1 ? stopLimitSeconds : 0),
    },
    initContainers: keys.initContainers,
    containers: [container(part, size, passwords, keys)],
    volumes: [
      { name: "files", configMap: { name: files.name } },
      { name: "tls", secret: { secretName: certificates.secret, defaultMode: 0o440 } },
      ...keys.volumes,
    ],
    claims: [dataDisk(size.diskGiB, part)],
    service: { ports: { http: ports.http } },
    network: {
      ingress: [
        { from: clients.map(podsOf), ports: [ports.http] },
        { from: [podsOf(name)], ports: [ports.transport] },
      ],
      egress: [
        { to: [podsOf(name)], ports: [ports.transport] },
        // Snapshots: only the config of the backup has the address and port of the bucket.
        ...(bucket === undefined ? [] : [{ to: [anyAddress], ports: [everyPort] }]),
      ],
    },
    dependsOn: [files.configMap, ...certificates.createdBy, ...keys.dependsOn],
    options: {
      // A rolling restart waits for the shards of each node.
      customTimeouts: { create: "30m", update: `${30 * (size.nodes + 1)}m` },
    },
  });
}

function container(
  part: LoggingPart,
  size: LoggingSize["elasticsearch"],
  passwords: DeclaredSecret,
  keys: Keystore,
): PartContainer {
  const memory = `${size.memoryGiB}Gi`;
  return {
    name,
    image: "elasticsearch",
    env: [
      ...identityVariables(part),
      { name: "ES_JAVA_OPTS", value: `-Xms${size.heapMiB}m -Xmx${size.heapMiB}m` },
      // Read only once, when a new cluster has no users yet.
      secretVariable("ELASTIC_PASSWORD", passwords.name, "elastic"),
    ],
    ports: [
      { name: "http", containerPort: ports.http },
      { name: "transport", containerPort: ports.transport },
      { name: "ready", containerPort: ports.ready },
    ],
    startupProbe: settled,
    livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 6 },
    readinessProbe: { tcpSocket: { port: "ready" }, periodSeconds: 10, failureThreshold: 3 },
    lifecycle: { preStop: waitUntilSafeToStop(size.nodes) },
    resources: {
      requests: { cpu: String(size.cpus), memory },
      // Its garbage collection log: 32 files of 64 MB.
      limits: { cpu: String(2 * size.cpus), memory, "ephemeral-storage": "3Gi" },
    },
    writableRoot: true,
    volumeMounts: [
      { name: "data", mountPath: `${folder}/data` },
      ...keys.volumeMounts,
      {
        name: "files",
        mountPath: `${folder}/config/elasticsearch.yml`,
        subPath: "elasticsearch.yml",
        readOnly: true,
      },
      { name: "files", mountPath: scripts, readOnly: true },
      { name: "tls", mountPath: `${folder}/config/tls`, readOnly: true },
    ],
  };
}

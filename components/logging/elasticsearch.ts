import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { BucketKeys } from "../shared/bucket";
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
import { secret, type DeclaredSecret } from "../shared/secret";
import { declareService } from "../shared/service";
import {
  elasticsearchPorts as ports,
  elasticsearchSettings,
  type ElasticsearchSettingsArgs,
} from "./elasticsearch-config";
import { keystore, type Keystore } from "./keystore";
import { password } from "./passwords";
import {
  identityVariables,
  loggingNamespace,
  metadata,
  partLabels,
  podLabels,
  secretVariable,
  volumeClaim,
  type Place,
} from "./place";
import type { LoggingSize } from "./sizing";

/** Arguments of {@link elasticsearch}. */
export interface ElasticsearchArgs extends Pick<ElasticsearchSettingsArgs, "memoryMap" | "formed"> {
  size: LoggingSize["elasticsearch"];
  /** Secret with ca.crt, tls.crt and tls.key. */
  tlsSecret: string;
  /** Of the bucket that snapshots go to; none are made without them. */
  bucket?: BucketKeys;
}

/** Users of Elasticsearch that the program knows; the Secret has a password under each name. */
export const users = ["elastic", "kibana_system", "logstash", "exporter"] as const;

/** What a client of Elasticsearch needs to know. */
export interface ElasticsearchConnection {
  url: string;
  /** Passwords by user. */
  secret: DeclaredSecret;
  /** What is ready once the cluster answers. */
  ready: pulumi.Resource;
}

const name = "elasticsearch";
const selector = selectorLabels(name);
const folder = "/usr/share/elasticsearch";
const scripts = "/etc/elasticsearch-scripts";
const settledScript = readFileSync(join(__dirname, "elasticsearch", "settled.sh"), "utf8");

/** Seconds that a node may take to stop, with the time in which Services forget it. */
const shutdownSeconds = 180;
/** Seconds that a stop waits for missing copies of shards; a machine must be drained in the end. */
const stopLimitSeconds = 300;

/** Runs the script of the cluster's health with one of its questions. */
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
 * A node is started once the cluster has its shards in order: the next one is restarted only then.
 * That may take hours with a lost disk, and a restart in between would make it longer.
 */
const settled: k8s.types.input.core.v1.Probe = {
  exec: { command: settledCommand("started") },
  periodSeconds: 10,
  timeoutSeconds: 15,
  failureThreshold: (24 * 3600) / 10,
};

/** A node whose copies are the only ones stops after there are others. */
function waitUntilSpared(nodes: number): k8s.types.input.core.v1.LifecycleHandler {
  return { exec: { command: settledCommand("may-stop", nodes > 1 ? stopLimitSeconds : 0) } };
}

/** Elasticsearch: one node, or a cluster whose nodes are all alike. */
export function elasticsearch(place: Place, args: ElasticsearchArgs): ElasticsearchConnection {
  const { namespace, parent } = place;
  const passwords = secret(
    name,
    {
      namespace,
      labels: partLabels(name),
      data: Object.fromEntries(
        users.map((user) => [user, password(`elasticsearch-${user}`, parent)]),
      ),
    },
    parent,
  );
  services(place);
  if (args.size.nodes > 1) disruptionBudget(name, metadata(name, place), selector, parent);
  return {
    url: `https://${name}.${loggingNamespace}.svc:${ports.http}`,
    secret: passwords,
    ready: statefulSet(place, args, passwords),
  };
}

function statefulSet(
  place: Place,
  { size, tlsSecret, bucket, ...settings }: ElasticsearchArgs,
  passwords: DeclaredSecret,
): k8s.apps.v1.StatefulSet {
  const { namespace, parent, zones } = place;
  const yaml = stringify(elasticsearchSettings({ ...settings, nodes: size.nodes, zones }));
  const files = immutableConfigMap(
    name,
    {
      namespace,
      labels: partLabels(name),
      data: { "elasticsearch.yml": yaml, "settled.sh": settledScript },
    },
    parent,
  );
  const keys = keystore(place, `${folder}/config`, bucket);
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        serviceName: "elasticsearch-nodes",
        replicas: size.nodes,
        // All at once: a cluster forms only when most of its founders are there.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: podLabels(name), annotations: keys.annotations },
          spec: {
            ...withoutApiAccess,
            securityContext: ownsLargeVolumes(1000),
            terminationGracePeriodSeconds:
              shutdownSeconds + (size.nodes > 1 ? stopLimitSeconds : 0),
            ...platformPlacement(place.placement),
            // Only where it can be: with half of the machines gone, two nodes share one, and none waits.
            ...spread(selector),
            initContainers: keys.initContainers,
            containers: [container(place, size, passwords, keys)],
            volumes: [
              { name: "files", configMap: { name: files.name } },
              { name: "tls", secret: { secretName: tlsSecret, defaultMode: 0o440 } },
              ...keys.volumes,
            ],
          },
        },
        volumeClaimTemplates: [volumeClaim("data", size.diskGiB, place)],
      },
    },
    {
      parent,
      dependsOn: [files.configMap, ...keys.dependsOn],
      // A restart of every node, one after the other, waits for the shards of each.
      customTimeouts: { create: "30m", update: `${30 * (size.nodes + 1)}m` },
    },
  );
}

function container(
  place: Place,
  size: LoggingSize["elasticsearch"],
  passwords: DeclaredSecret,
  keys: Keystore,
): k8s.types.input.core.v1.Container {
  const memory = `${size.memoryGiB}Gi`;
  return {
    name,
    image: imageReference(images.elasticsearch, place.imageMirror),
    env: [
      ...identityVariables(place),
      { name: "ES_JAVA_OPTS", value: `-Xms${size.heapMiB}m -Xmx${size.heapMiB}m` },
      // Read once, when a new cluster has no users yet.
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
    lifecycle: { preStop: waitUntilSpared(size.nodes) },
    resources: {
      requests: { cpu: String(size.cpus), memory },
      limits: { cpu: String(2 * size.cpus), memory },
    },
    securityContext: containerSecurityContext,
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

/** One address for clients, and names of the nodes for each other, also before they are ready. */
function services(place: Place): void {
  const http = { name: "http", port: ports.http, targetPort: "http" };
  declareService(
    name,
    { metadata: metadata(name, place), spec: { selector, ports: [http] } },
    { parent: place.parent },
  );
  declareService(
    "elasticsearch-nodes",
    {
      metadata: { ...metadata(name, place), name: "elasticsearch-nodes" },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector,
        ports: [http, { name: "transport", port: ports.transport, targetPort: "transport" }],
      },
    },
    { parent: place.parent },
  );
}

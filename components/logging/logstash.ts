import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
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
import { declareService } from "../shared/service";
import type { ElasticsearchConnection } from "./elasticsearch";
import type { KafkaConnection } from "./kafka";
import { logstashSettings, pipeline } from "./logstash-config";
import { pipelineText } from "./pipeline-text";
import {
  identityVariables,
  metadata,
  partLabels,
  podLabels,
  secretVariable,
  volumeClaim,
  type Place,
} from "./place";
import type { LoggingSize } from "./sizing";

/** Arguments of {@link logstash}. */
export interface LogstashArgs {
  size: LoggingSize["logstash"];
  domains: Record<string, string>;
  kafka: KafkaConnection;
  elasticsearch: ElasticsearchConnection;
  tlsSecret: string;
  /** What must be in place first: the topic, and the template of the data streams. */
  dependsOn: pulumi.Resource[];
}

const name = "logstash";
const selector = selectorLabels(name);
const port = 9600;
/** Dead letters, and room beside the queue. */
const diskBesideQueueGiB = 2;

/** Logstash: takes lines from Kafka, gives them their domain, writes them to Elasticsearch. */
export function logstash(place: Place, args: LogstashArgs): void {
  const { namespace, parent } = place;
  const { size, kafka } = args;
  const files = immutableConfigMap(
    name,
    { namespace, labels: partLabels(name), data: configFiles(place.environment, args) },
    parent,
  );
  new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        serviceName: name,
        replicas: size.replicas,
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: podLabels(name),
            annotations: {
              ...kafka.login?.secret.podAnnotations,
              ...args.elasticsearch.secret.podAnnotations,
            },
          },
          spec: {
            ...withoutApiAccess,
            securityContext: ownsLargeVolumes(1000),
            // The lines that are under way are written out first.
            terminationGracePeriodSeconds: 120,
            ...platformPlacement(place.placement),
            ...spread(selector),
            containers: [container(place, args)],
            volumes: [
              { name: "files", configMap: { name: files.name } },
              {
                name: "tls",
                secret: { secretName: args.tlsSecret, items: [{ key: "ca.crt", path: "ca.crt" }] },
              },
            ],
          },
        },
        volumeClaimTemplates: [volumeClaim("data", size.queueGiB + diskBesideQueueGiB, place)],
      },
    },
    { parent, dependsOn: [files.configMap, ...args.dependsOn] },
  );
  // A StatefulSet must name a Service; this one also tells a pod's name to whoever asks its API.
  declareService(
    name,
    {
      metadata: metadata(name, place),
      spec: { clusterIP: "None", selector, ports: [{ name: "api", port, targetPort: "api" }] },
    },
    { parent },
  );
  if (size.replicas > 1) disruptionBudget(name, metadata(name, place), selector, parent);
}

function configFiles(environment: string, args: LogstashArgs): Record<string, string> {
  const { servers, topic, login } = args.kafka;
  const text = pipelineText(
    pipeline({
      environment,
      domains: args.domains,
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

function container(
  place: Place,
  { kafka, elasticsearch }: LogstashArgs,
): k8s.types.input.core.v1.Container {
  const answers = { httpGet: { path: "/", port: "api" } };
  const folder = "/usr/share/logstash";
  return {
    name,
    image: imageReference(images.logstash, place.imageMirror),
    env: [
      ...identityVariables({ ...place, zones: false }),
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
      limits: { cpu: "2", memory: "2Gi" },
    },
    securityContext: containerSecurityContext,
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

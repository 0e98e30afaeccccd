import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { imageReference, images, type Image } from "../shared/images";
import { selectorLabels } from "../shared/labels";
import { platformPlacement } from "../shared/placement";
import { containerSecurityContext, ownsVolumes, scraped, withoutApiAccess } from "../shared/pods";
import { secret } from "../shared/secret";
import type { ElasticsearchConnection } from "./elasticsearch";
import type { KafkaConnection } from "./kafka";
import { metadata, partLabels, podLabels, secretVariable, type Place } from "./place";

/** Arguments of {@link exporters}. */
export interface ExportersArgs {
  kafka: KafkaConnection;
  elasticsearch: ElasticsearchConnection;
  tlsSecret: string;
}

interface Exporter {
  image: Image;
  port: number;
  args: string[];
  env?: k8s.types.input.core.v1.EnvVar[];
  annotations: Record<string, pulumi.Input<string>>;
  volumes: { volume: k8s.types.input.core.v1.Volume; mountPath: string }[];
}

const tls = "/etc/exporter/tls";

/** What Prometheus reads about Kafka and Elasticsearch: how far Logstash is behind, disks, shards. */
export function exporters(place: Place, args: ExportersArgs): void {
  exporter(place, "kafka-exporter", kafkaExporter(place, args));
  exporter(place, "elasticsearch-exporter", elasticsearchExporter(args));
}

function authority(tlsSecret: string): Exporter["volumes"][number] {
  const items = [{ key: "ca.crt", path: "ca.crt" }];
  return { volume: { name: "tls", secret: { secretName: tlsSecret, items } }, mountPath: tls };
}

function kafkaExporter(
  { namespace, parent }: Place,
  { kafka, tlsSecret }: ExportersArgs,
): Exporter {
  const image = images.kafkaExporter;
  const servers = kafka.servers.map((server) => `--kafka.server=${server}`);
  if (kafka.login === undefined) {
    return { image, port: 9308, args: servers, annotations: {}, volumes: [] };
  }
  const { user } = kafka.login;
  // The exporter takes its password as an argument only; one that begins with @ is read from a file.
  const login = secret(
    "kafka-exporter",
    {
      namespace,
      labels: partLabels("kafka-exporter"),
      data: {
        arguments: kafka.login.password.apply(
          (password) =>
            `--sasl.enabled\n--sasl.mechanism=plain\n--sasl.username=${user}\n--sasl.password=${password}\n--tls.enabled\n--tls.ca-file=${tls}/ca.crt\n`,
        ),
      },
    },
    parent,
  );
  return {
    image,
    port: 9308,
    args: [...servers, "@/etc/exporter/login/arguments"],
    annotations: login.podAnnotations,
    volumes: [
      authority(tlsSecret),
      {
        volume: { name: "login", secret: { secretName: login.name, defaultMode: 0o440 } },
        mountPath: "/etc/exporter/login",
      },
    ],
  };
}

function elasticsearchExporter({ elasticsearch, tlsSecret }: ExportersArgs): Exporter {
  return {
    image: images.elasticsearchExporter,
    port: 9114,
    args: [
      `--es.uri=${elasticsearch.url}`,
      "--es.all",
      "--es.indices_settings",
      `--es.ca=${tls}/ca.crt`,
    ],
    env: [
      { name: "ES_USERNAME", value: "exporter" },
      secretVariable("ES_PASSWORD", elasticsearch.secret.name, "exporter"),
    ],
    annotations: elasticsearch.secret.podAnnotations,
    volumes: [authority(tlsSecret)],
  };
}

function exporter(place: Place, name: string, args: Exporter): void {
  const probe = { tcpSocket: { port: "metrics" } };
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        replicas: 1,
        selector: { matchLabels: selectorLabels(name) },
        template: {
          metadata: {
            labels: podLabels(name),
            annotations: {
              ...args.annotations,
              ...scraped(args.port, "/metrics"),
            },
          },
          spec: {
            ...withoutApiAccess,
            securityContext: ownsVolumes(65534),
            ...platformPlacement(place.placement),
            containers: [
              {
                name,
                image: imageReference(args.image, place.imageMirror),
                args: args.args,
                env: args.env ?? [],
                ports: [{ name: "metrics", containerPort: args.port }],
                livenessProbe: { ...probe, periodSeconds: 20 },
                readinessProbe: { ...probe, periodSeconds: 10 },
                resources: {
                  requests: { cpu: "50m", memory: "64Mi" },
                  limits: { cpu: "500m", memory: "256Mi" },
                },
                securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
                volumeMounts: args.volumes.map(({ volume, mountPath }) => ({
                  name: volume.name,
                  mountPath,
                  readOnly: true,
                })),
              },
            ],
            volumes: args.volumes.map(({ volume }) => volume),
          },
        },
      },
    },
    { parent: place.parent },
  );
}

import type * as k8s from "@pulumi/kubernetes";
import type { ImageName } from "../../versions/images";
import { podsOf } from "../shared/network-policy";
import type { PodVolume } from "../shared/pod-template";
import { secret, type DeclaredSecret } from "../shared/secret";
import { deployment } from "../shared/workload";
import type { Certificates } from "./certificates";
import type { ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import type { KafkaConnection } from "./kafka";
import { kafkaPorts } from "./kafka-config";
import { secretVariable, type LoggingPart } from "./part";

/** Arguments of {@link exporters}. */
export interface ExportersArgs {
  /** Connection to Kafka. */
  kafka: KafkaConnection;
  /** Connection to Elasticsearch. */
  elasticsearch: ElasticsearchConnection;
  /** Certificates of the pipeline. */
  certificates: Certificates;
}

interface Exporter {
  image: ImageName;
  port: number;
  args: string[];
  env?: k8s.types.input.core.v1.EnvVar[];
  secrets: DeclaredSecret[];
  volumes: { volume: PodVolume; mountPath: string }[];
  /** Resources that its volumes need. Default: none. */
  dependsOn?: Certificates["createdBy"];
  /** The server that it queries: name and port. */
  server: { name: string; port: number };
}

const tls = "/etc/exporter/tls";

/** Declares the Prometheus exporters of Kafka and Elasticsearch: consumer lag, disks, shards. */
export function exporters(part: LoggingPart, args: ExportersArgs): void {
  exporter(part, "kafka-exporter", kafkaExporter(part, args));
  exporter(part, "elasticsearch-exporter", elasticsearchExporter(args));
}

function authority({ secret }: Certificates): Exporter["volumes"][number] {
  const items = [{ key: "ca.crt", path: "ca.crt" }];
  return { volume: { name: "tls", secret: { secretName: secret, items } }, mountPath: tls };
}

function kafkaExporter(part: LoggingPart, { kafka, certificates }: ExportersArgs): Exporter {
  const image = "kafkaExporter";
  const server = { name: "kafka", port: kafkaPorts.client };
  const servers = kafka.servers.map((server) => `--kafka.server=${server}`);
  if (kafka.login === undefined) {
    return { image, server, port: 9308, args: servers, secrets: [], volumes: [] };
  }
  const { user } = kafka.login;
  // The exporter takes its password only as an argument; an argument that begins with @ names a file.
  const login = secret(part, "kafka-exporter", {
    data: {
      arguments: kafka.login.password.apply(
        (password) =>
          `--sasl.enabled\n--sasl.mechanism=plain\n--sasl.username=${user}\n--sasl.password=${password}\n--tls.enabled\n--tls.ca-file=${tls}/ca.crt\n`,
      ),
    },
  });
  return {
    image,
    server,
    port: 9308,
    args: [...servers, "@/etc/exporter/login/arguments"],
    secrets: [login],
    volumes: [
      authority(certificates),
      {
        volume: { name: "login", secret: { secretName: login.name, defaultMode: 0o440 } },
        mountPath: "/etc/exporter/login",
      },
    ],
    dependsOn: certificates.createdBy,
  };
}

function elasticsearchExporter({ elasticsearch, certificates }: ExportersArgs): Exporter {
  return {
    image: "elasticsearchExporter",
    server: { name: "elasticsearch", port: elasticsearchPorts.http },
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
    secrets: [elasticsearch.secret],
    volumes: [authority(certificates)],
    dependsOn: certificates.createdBy,
  };
}

function exporter(part: LoggingPart, name: string, args: Exporter): void {
  const probe = { tcpSocket: { port: "metrics" } };
  deployment(part, {
    name,
    replicas: 1,
    user: 65534,
    ownsVolumes: "small",
    secrets: args.secrets,
    metrics: { port: args.port, path: "/metrics" },
    containers: [
      {
        name,
        image: args.image,
        args: args.args,
        env: args.env ?? [],
        ports: [{ name: "metrics", containerPort: args.port }],
        livenessProbe: { ...probe, periodSeconds: 20 },
        readinessProbe: { ...probe, periodSeconds: 10 },
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "500m", memory: "256Mi" },
        },
        volumeMounts: args.volumes.map(({ volume, mountPath }) => ({
          name: volume.name,
          mountPath,
          readOnly: true,
        })),
      },
    ],
    volumes: args.volumes.map(({ volume }) => volume),
    network: { egress: [{ to: [podsOf(args.server.name)], ports: [args.server.port] }] },
    dependsOn: args.dependsOn ?? [],
  });
}

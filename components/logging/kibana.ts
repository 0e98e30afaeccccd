import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import type { GatewayAddress } from "../shared/gateway-api";
import { gatewayPods, podsOf } from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { secret, type DeclaredSecret } from "../shared/secret";
import { webRoute } from "../shared/web-route";
import { deployment } from "../shared/workload";
import type { Certificates } from "./certificates";
import type { ElasticsearchConnection } from "./elasticsearch";
import { elasticsearchPorts } from "./elasticsearch-config";
import { password } from "./passwords";
import { loggingNamespace, secretVariable, type LoggingPart } from "./part";

/** Arguments of {@link kibana}. */
export interface KibanaArgs {
  /** Number of pods. */
  replicas: number;
  /** Host of the web UI. */
  host: string;
  /** URL of the web UI for browsers. */
  publicUrl: string;
  /** Gateway that the route attaches to. */
  gateway: GatewayAddress;
  /** Connection to Elasticsearch. */
  elasticsearch: ElasticsearchConnection;
  /** Certificates of the pipeline. */
  certificates: Certificates;
  /** The Job that sets the password of Kibana's user; Kibana is not ready before. */
  prepared: pulumi.Resource;
}

const name = "kibana";
/** Port of the web UI. */
export const kibanaPort = 5601;
const port = kibanaPort;
const folder = "/usr/share/kibana";

/** Keys that encrypt Kibana's stored objects. All pods need the same keys, and they must never change. */
const encryptionKeys = {
  security: "XPACK_SECURITY_ENCRYPTIONKEY",
  reporting: "XPACK_REPORTING_ENCRYPTIONKEY",
  savedObjects: "XPACK_ENCRYPTEDSAVEDOBJECTS_ENCRYPTIONKEY",
} as const;

/**
 * Declares Kibana.
 * @returns its URL inside the cluster, and the resource that serves it.
 */
export function kibana(
  part: LoggingPart,
  args: KibanaArgs,
): { url: string; ready: pulumi.Resource } {
  const { parent } = part;
  const keys = secret(part, name, {
    data: Object.fromEntries(
      Object.keys(encryptionKeys).map((key) => [key, password(`kibana-${key}`, parent, 64)]),
    ),
  });
  const ready = pods(part, args, keys);
  const { host, gateway } = args;
  webRoute(part, name, { host, service: name, port, gateway });
  return { url: `http://${name}.${loggingNamespace}.svc:${port}`, ready };
}

/** Returns `kibana.yml`; passwords and keys come from environment variables. */
function kibanaSettings(elasticsearch: string, publicUrl: string): Record<string, unknown> {
  return {
    "server.host": "0.0.0.0",
    "server.publicBaseUrl": publicUrl,
    "elasticsearch.hosts": [elasticsearch],
    "elasticsearch.username": "kibana_system",
    "elasticsearch.ssl.certificateAuthorities": [`${folder}/config/tls/ca.crt`],
    "telemetry.optIn": false,
    "telemetry.allowChangingOptInStatus": false,
    "newsfeed.enabled": false,
  };
}

function pods(part: LoggingPart, args: KibanaArgs, keys: DeclaredSecret): pulumi.Resource {
  const yaml = stringify(kibanaSettings(args.elasticsearch.url, args.publicUrl));
  const files = immutableConfigMap(part, name, { data: { "kibana.yml": yaml } });
  return deployment(part, {
    name,
    replicas: args.replicas,
    rollout: "surge",
    spread: "preferred",
    // The first start creates its indexes, which takes minutes in a large cluster.
    deployment: { progressDeadlineSeconds: 1800 },
    user: 1000,
    ownsVolumes: "small",
    secrets: [keys, args.elasticsearch.secret],
    containers: [container(args, keys)],
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
    service: { ports: { http: port } },
    network: {
      ingress: [{ from: [gatewayPods, podsOf("logging-views")], ports: [port] }],
      egress: [{ to: [podsOf("elasticsearch")], ports: [elasticsearchPorts.http] }],
    },
    dependsOn: [files.configMap, args.prepared],
    options: { customTimeouts: { create: "35m", update: "35m" } },
  });
}

function container({ elasticsearch }: KibanaArgs, keys: DeclaredSecret): PartContainer {
  return {
    name,
    image: "kibana",
    env: [
      secretVariable("ELASTICSEARCH_PASSWORD", elasticsearch.secret.name, "kibana_system"),
      ...Object.entries(encryptionKeys).map(([key, variable]) =>
        secretVariable(variable, keys.name, key),
      ),
    ],
    ports: [{ name: "http", containerPort: port }],
    // Without Elasticsearch it is not ready, but a restart would not help, so liveness only checks the port.
    startupProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, failureThreshold: 180 },
    livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: {
      httpGet: { path: "/api/status", port: "http" },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    resources: {
      requests: { cpu: "500m", memory: "2Gi" },
      // The browser for its reports is unpacked next to it.
      limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "2Gi" },
    },
    writableRoot: true,
    volumeMounts: [
      {
        name: "files",
        mountPath: `${folder}/config/kibana.yml`,
        subPath: "kibana.yml",
        readOnly: true,
      },
      { name: "tls", mountPath: `${folder}/config/tls`, readOnly: true },
    ],
  };
}

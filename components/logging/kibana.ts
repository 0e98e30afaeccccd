import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { disruptionBudget } from "../shared/budget";
import { immutableConfigMap } from "../shared/config-map";
import type { GatewayAddress } from "../shared/gateway-api";
import { imageReference, images } from "../shared/images";
import { selectorLabels } from "../shared/labels";
import { platformPlacement } from "../shared/placement";
import { containerSecurityContext, ownsVolumes, spread, withoutApiAccess } from "../shared/pods";
import { secret, type DeclaredSecret } from "../shared/secret";
import { declareService } from "../shared/service";
import { webRoute } from "../shared/web-route";
import type { ElasticsearchConnection } from "./elasticsearch";
import { password } from "./passwords";
import {
  loggingNamespace,
  metadata,
  partLabels,
  podLabels,
  secretVariable,
  type Place,
} from "./place";

/** Arguments of {@link kibana}. */
export interface KibanaArgs {
  replicas: number;
  /** Host of the pages. */
  host: string;
  /** Address of the pages, as browsers know it. */
  publicUrl: string;
  gateway: pulumi.Input<GatewayAddress>;
  elasticsearch: ElasticsearchConnection;
  tlsSecret: string;
}

const name = "kibana";
const selector = selectorLabels(name);
const port = 5601;
const folder = "/usr/share/kibana";

/** Keys by which Kibana encrypts what it stores; all its pods need the same ones, for ever. */
const encryptionKeys = {
  security: "XPACK_SECURITY_ENCRYPTIONKEY",
  reporting: "XPACK_REPORTING_ENCRYPTIONKEY",
  savedObjects: "XPACK_ENCRYPTEDSAVEDOBJECTS_ENCRYPTIONKEY",
} as const;

/** Kibana, where logs are read. @returns its address inside of the cluster. */
export function kibana(place: Place, args: KibanaArgs): string {
  const { namespace, parent } = place;
  const labels = partLabels(name);
  const keys = secret(
    name,
    {
      namespace,
      labels,
      data: Object.fromEntries(
        Object.keys(encryptionKeys).map((key) => [key, password(`kibana-${key}`, parent, 64)]),
      ),
    },
    parent,
  );
  deployment(place, args, keys);
  declareService(
    name,
    {
      metadata: metadata(name, place),
      spec: { selector, ports: [{ name: "http", port, targetPort: "http" }] },
    },
    { parent },
  );
  if (args.replicas > 1) disruptionBudget(name, metadata(name, place), selector, parent);
  const { host, gateway } = args;
  webRoute(name, { namespace, host, service: name, port, gateway }, parent);
  return `http://${name}.${loggingNamespace}.svc:${port}`;
}

/** `kibana.yml`; passwords and keys come from the environment. */
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

function deployment(place: Place, args: KibanaArgs, keys: DeclaredSecret): void {
  const { namespace, parent } = place;
  const yaml = stringify(kibanaSettings(args.elasticsearch.url, args.publicUrl));
  const files = immutableConfigMap(
    name,
    { namespace, labels: partLabels(name), data: { "kibana.yml": yaml } },
    parent,
  );
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadata(name, place),
      spec: {
        replicas: args.replicas,
        selector: { matchLabels: selector },
        // It is ready only after the bootstrap Job gave it a password in Elasticsearch.
        progressDeadlineSeconds: 1800,
        template: {
          metadata: {
            labels: podLabels(name),
            annotations: { ...keys.podAnnotations, ...args.elasticsearch.secret.podAnnotations },
          },
          spec: {
            ...withoutApiAccess,
            securityContext: ownsVolumes(1000),
            ...platformPlacement(place.placement),
            ...spread(selector),
            containers: [container(place, args, keys)],
            volumes: [
              { name: "files", configMap: { name: files.name } },
              {
                name: "tls",
                secret: { secretName: args.tlsSecret, items: [{ key: "ca.crt", path: "ca.crt" }] },
              },
            ],
          },
        },
      },
    },
    { parent, dependsOn: [files.configMap], customTimeouts: { create: "35m", update: "35m" } },
  );
}

function container(
  place: Place,
  { elasticsearch }: KibanaArgs,
  keys: DeclaredSecret,
): k8s.types.input.core.v1.Container {
  return {
    name,
    image: imageReference(images.kibana, place.imageMirror),
    env: [
      secretVariable("ELASTICSEARCH_PASSWORD", elasticsearch.secret.name, "kibana_system"),
      ...Object.entries(encryptionKeys).map(([key, variable]) =>
        secretVariable(variable, keys.name, key),
      ),
    ],
    ports: [{ name: "http", containerPort: port }],
    // Without Elasticsearch it is not ready, yet a restart would not help: it lives while it listens.
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
      limits: { cpu: "2", memory: "2Gi" },
    },
    securityContext: containerSecurityContext,
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

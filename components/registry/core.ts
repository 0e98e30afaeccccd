import type * as k8s from "@pulumi/kubernetes";
import { immutableConfigMap } from "../shared/config-map";
import type { HarborConfig } from "../../config";
import { environmentVariables, type SecretKey } from "../shared/environment";
import { gatewayPods, podsOf } from "../shared/network-policy";
import { scratch } from "../shared/pod-template";
import { coreConfig, metricsNamespace, metricsPath, ports, registryUser } from "./config-files";
import { redisAddresses, type DatabaseConnection, type RedisConnection } from "./connections";
import { external, toDatabase, toRedis, toWorkload } from "./network";
import type { HarborSecrets } from "./secrets";
import { sizes } from "./sizes";
import { deployment, type HarborContext } from "./workload";

/** Arguments of {@link core}. */
export interface CoreArgs {
  /** URL that clients use, exactly: Harbor sends them there for their tokens. */
  url: string;
  /** Where layers are stored: on a volume or in a bucket. */
  storageProvider: "filesystem" | "s3";
  /** Settings of the database and Redis from the stack's config. */
  config: Pick<HarborConfig, "database" | "redis">;
  /** Connection to PostgreSQL. */
  database: DatabaseConnection;
  /** Connection to Redis. */
  redis: RedisConnection;
  /** Harbor's Secrets. */
  secrets: HarborSecrets;
}

/** URLs of Harbor's parts inside their namespace. */
export const addresses = {
  core: "http://harbor-core",
  portal: "http://harbor-portal",
  jobService: "http://harbor-jobservice",
  registry: `http://harbor-registry:${ports.registry}`,
  registryController: `http://harbor-registry:${ports.http}`,
  scanner: `http://harbor-trivy:${ports.http}`,
};

/** Open database connections of all core pods together; PostgreSQL is configured for 1000. */
const connections = 900;

/** Declares core: Harbor's API, and the proxy in front of the registry of layers. */
export function core(args: CoreArgs, context: HarborContext): k8s.apps.v1.Deployment {
  const name = "harbor-core";
  const { name: config, configMap } = immutableConfigMap(context.part, name, {
    data: { "app.conf": coreConfig },
  });
  const ping = { httpGet: { path: "/api/v2.0/ping", port: ports.http } };
  return deployment(
    {
      name,
      trustsAuthority: true,
      containers: [
        {
          name: "core",
          image: "harborCore",
          writableRoot: true,
          env: environmentVariables(environment(args, context.replicas)),
          ports: [
            { name: "http", containerPort: ports.http },
            { name: "metrics", containerPort: ports.metrics },
          ],
          // The first start, and the first one after an upgrade, migrates the database: up to an hour.
          startupProbe: { ...ping, periodSeconds: 10, failureThreshold: 360 },
          livenessProbe: { ...ping, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...ping, periodSeconds: 10, failureThreshold: 3 },
          resources: sizes.core,
          volumeMounts: [
            file("config", "app.conf", "/etc/core/app.conf"),
            file("keys", "secret-key", "/etc/core/key"),
            file("keys", "token-key", "/etc/core/private_key.pem"),
            { name: "token", mountPath: "/etc/core/token" },
          ],
        },
      ],
      volumes: [
        { name: "config", configMap: { name: config } },
        {
          name: "keys",
          secret: {
            secretName: args.secrets.core.name,
            items: ["secret-key", "token-key"].map((key) => ({ key, path: key })),
          },
        },
        scratch("token", "16Mi"),
      ],
      servicePorts: { http: [ports.service, ports.http] },
      metrics: true,
      secrets: [args.secrets.core, args.secrets.internal, args.database, args.redis],
      network: {
        ingress: [
          {
            from: [
              gatewayPods,
              ...["jobservice", "exporter", "registry", "bootstrap"].map((name) =>
                podsOf(`harbor-${name}`),
              ),
              // The scanner pulls an image's layers like any client.
              podsOf("harbor-trivy"),
            ],
            ports: [ports.http],
          },
        ],
        egress: [
          ...toDatabase(args.config),
          ...toRedis(args.config),
          ...toWorkload("harbor-registry", ports.registry, ports.http),
          ...toWorkload("harbor-jobservice", ports.http),
          ...toWorkload("harbor-portal", ports.http),
          ...toWorkload("harbor-trivy", ports.http),
          // External registries, webhooks, and an identity provider, which administrators configure in the web UI.
          ...external(80, 443),
        ],
      },
      dependsOn: [configMap, ...args.database.resources, ...args.redis.resources],
    },
    { replicas: context.replicas },
    context,
  );
}

function environment(
  { url, storageProvider, database, redis, secrets }: CoreArgs,
  replicas: number,
): Record<string, string | SecretKey> {
  const { core: own, internal, admin } = secrets;
  return {
    LOG_LEVEL: "info",
    CONFIG_PATH: "/etc/core/app.conf",
    EXT_ENDPOINT: url,
    CORE_URL: addresses.core,
    CORE_LOCAL_URL: `http://127.0.0.1:${ports.http}`,
    JOBSERVICE_URL: addresses.jobService,
    REGISTRY_URL: addresses.registry,
    REGISTRY_CONTROLLER_URL: addresses.registryController,
    PORTAL_URL: addresses.portal,
    TOKEN_SERVICE_URL: `${addresses.core}/service/token`,
    WITH_TRIVY: "true",
    TRIVY_ADAPTER_URL: addresses.scanner,
    REGISTRY_STORAGE_PROVIDER_NAME: storageProvider,
    DATABASE_TYPE: "postgresql",
    POSTGRESQL_HOST: database.host,
    POSTGRESQL_PORT: String(database.port),
    POSTGRESQL_DATABASE: database.name,
    POSTGRESQL_SSLMODE: database.sslMode,
    POSTGRESQL_USERNAME: database.username,
    POSTGRESQL_PASSWORD: database.password,
    POSTGRESQL_MAX_IDLE_CONNS: "100",
    POSTGRESQL_MAX_OPEN_CONNS: String(Math.floor(connections / replicas)),
    ...redisAddresses(redis, { _REDIS_URL_CORE: "core", _REDIS_URL_REG: "registry" }),
    REGISTRY_CREDENTIAL_USERNAME: registryUser,
    REGISTRY_CREDENTIAL_PASSWORD: { secret: internal.name, key: "registry-password" },
    CORE_SECRET: { secret: internal.name, key: "core-secret" },
    JOBSERVICE_SECRET: { secret: internal.name, key: "jobservice-secret" },
    CSRF_KEY: { secret: own.name, key: "csrf-key" },
    // Read only at the first start, which creates the administrator.
    HARBOR_ADMIN_PASSWORD: { secret: admin.name, key: "password" },
    METRIC_ENABLE: "true",
    METRIC_PATH: metricsPath,
    METRIC_PORT: String(ports.metrics),
    METRIC_NAMESPACE: metricsNamespace,
    METRIC_SUBSYSTEM: "core",
  };
}

function file(
  name: string,
  subPath: string,
  mountPath: string,
): k8s.types.input.core.v1.VolumeMount {
  return { name, subPath, mountPath, readOnly: true };
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { HarborConfig } from "../../config";
import { environmentVariables } from "../shared/environment";
import { jobNamespace, metricsPath, ports } from "./config-files";
import { redisAddresses, type DatabaseConnection, type RedisConnection } from "./connections";
import { toDatabase, toRedis, toWorkload } from "./network";
import { sizes } from "./sizes";
import { deployment, type HarborContext } from "./workload";

/** Declares the exporter of Harbor's global metrics: projects, quotas, queues. It has one pod. */
export function exporter(
  {
    config,
    database,
    redis,
    dependsOn,
  }: {
    config: Pick<HarborConfig, "database" | "redis">;
    database: DatabaseConnection;
    redis: RedisConnection;
    dependsOn: pulumi.Resource[];
  },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  const page = { httpGet: { path: "/", port: ports.metrics } };
  return deployment(
    {
      name: "harbor-exporter",
      trustsAuthority: true,
      containers: [
        {
          name: "exporter",
          image: "harborExporter",
          writableRoot: true,
          env: environmentVariables({
            LOG_LEVEL: "info",
            HARBOR_EXPORTER_PORT: String(ports.metrics),
            HARBOR_EXPORTER_METRICS_PATH: metricsPath,
            HARBOR_EXPORTER_METRICS_ENABLED: "true",
            HARBOR_EXPORTER_CACHE_TIME: "23",
            HARBOR_EXPORTER_CACHE_CLEAN_INTERVAL: "14400",
            HARBOR_SERVICE_SCHEME: "http",
            HARBOR_SERVICE_HOST: "harbor-core",
            HARBOR_SERVICE_PORT: String(ports.service),
            ...redisAddresses(redis, { HARBOR_REDIS_URL: "jobs" }),
            HARBOR_REDIS_NAMESPACE: jobNamespace,
            HARBOR_REDIS_TIMEOUT: "3600",
            HARBOR_DATABASE_HOST: database.host,
            HARBOR_DATABASE_PORT: String(database.port),
            HARBOR_DATABASE_DBNAME: database.name,
            HARBOR_DATABASE_SSLMODE: database.sslMode,
            HARBOR_DATABASE_USERNAME: database.username,
            HARBOR_DATABASE_PASSWORD: database.password,
            HARBOR_DATABASE_MAX_IDLE_CONNS: "5",
            HARBOR_DATABASE_MAX_OPEN_CONNS: "20",
          }),
          ports: [{ name: "metrics", containerPort: ports.metrics }],
          livenessProbe: { ...page, periodSeconds: 30, failureThreshold: 6 },
          readinessProbe: { ...page, periodSeconds: 30 },
          resources: sizes.exporter,
          volumeMounts: [],
        },
      ],
      volumes: [],
      servicePorts: { metrics: [ports.metrics, ports.metrics] },
      metrics: true,
      secrets: [database, redis],
      network: {
        egress: [
          ...toDatabase(config),
          ...toRedis(config),
          ...toWorkload("harbor-core", ports.http),
        ],
      },
      dependsOn,
    },
    { replicas: 1 },
    context,
  );
}

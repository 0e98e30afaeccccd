import { immutableConfigMap } from "../shared/config-map";
import { environmentVariables } from "../shared/environment";
import { imageReference, images } from "../shared/images";
import { objectLabels } from "../shared/labels";
import {
  jobNamespace,
  jobServiceConfig,
  metricsNamespace,
  metricsPath,
  portalConfig,
  ports,
  registryUser,
} from "./config-files";
import { redisAddresses, type DatabaseConnection, type RedisConnection } from "./connections";
import { addresses } from "./core";
import type { HarborSecrets } from "./secrets";
import { sizes } from "./sizes";
import type { VolumeArgs } from "./stateful";
import { deployment, statefulSet, type HarborContext } from "./workload";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The pages. */
export function portal(context: HarborContext): k8s.apps.v1.Deployment {
  const name = "harbor-portal";
  const page = { httpGet: { path: "/", port: ports.http } };
  const config = configVolume(name, { "nginx.conf": portalConfig }, context);
  return deployment(
    {
      name,
      containers: [
        {
          name: "portal",
          image: imageReference(images.harborPortal, context.imageMirror),
          ports: [{ name: "http", containerPort: ports.http }],
          livenessProbe: { ...page, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...page, periodSeconds: 10 },
          resources: sizes.portal,
          readOnly: true,
          volumeMounts: [
            {
              name: "config",
              mountPath: "/etc/nginx/nginx.conf",
              subPath: "nginx.conf",
              readOnly: true,
            },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [config.volume, { name: "tmp", emptyDir: {} }],
      servicePorts: { http: [ports.service, ports.http] },
      dependsOn: [config.configMap],
    },
    { replicas: context.replicas },
    context,
  );
}

/** What runs in the background: scans, retention, garbage collection. */
export function jobService(
  {
    redis,
    secrets,
    dependsOn,
  }: { redis: RedisConnection; secrets: HarborSecrets; dependsOn: pulumi.Resource[] },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  const name = "harbor-jobservice";
  const { internal } = secrets;
  const stats = { httpGet: { path: "/api/v1/stats", port: ports.http } };
  const config = configVolume(name, { "config.yml": jobServiceConfig() }, context);
  return deployment(
    {
      name,
      containers: [
        {
          name: "jobservice",
          image: imageReference(images.harborJobService, context.imageMirror),
          env: environmentVariables({
            CORE_URL: addresses.core,
            TOKEN_SERVICE_URL: `${addresses.core}/service/token`,
            REGISTRY_URL: addresses.registry,
            REGISTRY_CONTROLLER_URL: addresses.registryController,
            REGISTRY_CREDENTIAL_USERNAME: registryUser,
            REGISTRY_CREDENTIAL_PASSWORD: { secret: internal.name, key: "registry-password" },
            CORE_SECRET: { secret: internal.name, key: "core-secret" },
            JOBSERVICE_SECRET: { secret: internal.name, key: "jobservice-secret" },
            ...redisAddresses(redis, { JOB_SERVICE_POOL_REDIS_URL: "jobs" }),
            METRIC_NAMESPACE: metricsNamespace,
            METRIC_SUBSYSTEM: "jobservice",
          }),
          ports: [
            { name: "http", containerPort: ports.http },
            { name: "metrics", containerPort: ports.metrics },
          ],
          livenessProbe: { ...stats, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...stats, periodSeconds: 10 },
          resources: sizes.jobService,
          volumeMounts: [{ name: "config", mountPath: "/etc/jobservice", readOnly: true }],
        },
      ],
      volumes: [config.volume],
      servicePorts: { http: [ports.service, ports.http] },
      metrics: true,
      podAnnotations: { ...internal.podAnnotations, ...redis.podAnnotations },
      dependsOn: [config.configMap, ...dependsOn],
    },
    { replicas: context.replicas },
    context,
  );
}

/** Trivy, which looks for known weaknesses in images. */
export function scanner(
  { redis, volume }: { redis: RedisConnection; volume: VolumeArgs },
  context: HarborContext,
): k8s.apps.v1.StatefulSet {
  const probe = (path: string) => ({ httpGet: { path: `/probe/${path}`, port: ports.http } });
  const cache = "/home/scanner/.cache";
  return statefulSet(
    {
      name: "harbor-trivy",
      containers: [
        {
          name: "trivy",
          image: imageReference(images.harborScanner, context.imageMirror),
          env: environmentVariables({
            SCANNER_LOG_LEVEL: "info",
            SCANNER_API_SERVER_ADDR: `:${ports.http}`,
            SCANNER_TRIVY_CACHE_DIR: `${cache}/trivy`,
            SCANNER_TRIVY_REPORTS_DIR: `${cache}/reports`,
            SCANNER_TRIVY_VULN_TYPE: "os,library",
            SCANNER_TRIVY_SEVERITY: "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL",
            SCANNER_TRIVY_TIMEOUT: "10m0s",
            ...redisAddresses(redis, {
              SCANNER_REDIS_URL: "scanner",
              SCANNER_STORE_REDIS_URL: "scanner",
              SCANNER_JOB_QUEUE_REDIS_URL: "scanner",
            }),
          }),
          ports: [{ name: "http", containerPort: ports.http }],
          livenessProbe: { ...probe("healthy"), periodSeconds: 10, failureThreshold: 10 },
          readinessProbe: { ...probe("ready"), periodSeconds: 10 },
          resources: sizes.scanner,
          volumeMounts: [
            { name: "cache", mountPath: cache },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
      servicePorts: { http: [ports.http, ports.http] },
      podAnnotations: redis.podAnnotations,
      dependsOn: redis.resources,
    },
    { replicas: context.replicas, volume: { name: "cache", ...volume } },
    context,
  );
}

/** Tells metrics of Harbor as a whole: projects, quotas, queues. One is enough. */
export function exporter(
  {
    database,
    redis,
    secrets,
    dependsOn,
  }: {
    database: DatabaseConnection;
    redis: RedisConnection;
    secrets: HarborSecrets;
    dependsOn: pulumi.Resource[];
  },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  const page = { httpGet: { path: "/", port: ports.metrics } };
  return deployment(
    {
      name: "harbor-exporter",
      containers: [
        {
          name: "exporter",
          image: imageReference(images.harborExporter, context.imageMirror),
          env: environmentVariables({
            LOG_LEVEL: "info",
            HARBOR_EXPORTER_PORT: String(ports.metrics),
            HARBOR_EXPORTER_METRICS_PATH: metricsPath,
            HARBOR_EXPORTER_METRICS_ENABLED: "true",
            HARBOR_EXPORTER_CACHE_TIME: "23",
            HARBOR_EXPORTER_CACHE_CLEAN_INTERVAL: "14400",
            HARBOR_METRIC_NAMESPACE: metricsNamespace,
            HARBOR_METRIC_SUBSYSTEM: "exporter",
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
            HARBOR_ADMIN_PASSWORD: { secret: secrets.admin.name, key: "password" },
          }),
          ports: [{ name: "metrics", containerPort: ports.metrics }],
          livenessProbe: { ...page, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...page, periodSeconds: 30 },
          resources: sizes.exporter,
          volumeMounts: [],
        },
      ],
      volumes: [],
      servicePorts: { metrics: [ports.metrics, ports.metrics] },
      metrics: true,
      podAnnotations: {
        ...secrets.admin.podAnnotations,
        ...database.podAnnotations,
        ...redis.podAnnotations,
      },
      dependsOn,
    },
    { replicas: 1 },
    context,
  );
}

function configVolume(
  name: string,
  data: Record<string, string>,
  { namespace, parent }: HarborContext,
): { volume: k8s.types.input.core.v1.Volume; configMap: pulumi.Resource } {
  const labels = objectLabels(name, "registry");
  const files = immutableConfigMap(name, { namespace, labels, data }, parent);
  return {
    volume: { name: "config", configMap: { name: files.name } },
    configMap: files.configMap,
  };
}

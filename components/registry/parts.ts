import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { HarborConfig } from "../../config";
import { immutableConfigMap } from "../shared/config-map";
import { environmentVariables } from "../shared/environment";
import { gatewayPods, podsOf } from "../shared/network-policy";
import { scratch, type PodVolume } from "../shared/pod-template";
import {
  jobServiceConfig,
  metricsNamespace,
  portalConfig,
  ports,
  registryUser,
} from "./config-files";
import { redisAddresses, type RedisConnection } from "./connections";
import { addresses } from "./core";
import { external, toDatabase, toRedis, toStore, toWorkload } from "./network";
import type { HarborSecrets } from "./secrets";
import { sizes } from "./sizes";
import { deployment, statefulSet, type HarborContext } from "./workload";

/** Declares the web UI. */
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
          image: "harborPortal",
          ports: [{ name: "http", containerPort: ports.http }],
          livenessProbe: { ...page, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...page, periodSeconds: 10 },
          resources: sizes.portal,
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
      volumes: [config.volume, scratch("tmp", "64Mi")],
      servicePorts: { http: [ports.service, ports.http] },
      network: { ingress: [{ from: [gatewayPods, podsOf("harbor-core")], ports: [ports.http] }] },
      dependsOn: [config.configMap],
    },
    { replicas: context.replicas },
    context,
  );
}

/** Declares the job service for background work: scans, retention, garbage collection. */
export function jobService(
  {
    config,
    redis,
    secrets,
    dependsOn,
  }: {
    config: Pick<HarborConfig, "database" | "redis" | "storage">;
    redis: RedisConnection;
    secrets: HarborSecrets;
    dependsOn: pulumi.Resource[];
  },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  const name = "harbor-jobservice";
  const { internal } = secrets;
  const stats = { httpGet: { path: "/api/v1/stats", port: ports.http } };
  const file = configVolume(name, { "config.yml": jobServiceConfig() }, context);
  return deployment(
    {
      name,
      trustsAuthority: true,
      containers: [
        {
          name: "jobservice",
          image: "harborJobService",
          writableRoot: true,
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
      volumes: [file.volume],
      servicePorts: { http: [ports.service, ports.http] },
      metrics: true,
      secrets: [internal, redis],
      network: {
        ingress: [{ from: [podsOf("harbor-core")], ports: [ports.http] }],
        egress: [
          ...toDatabase(config),
          ...toRedis(config),
          ...toStore(config),
          ...toWorkload("harbor-core", ports.http),
          ...toWorkload("harbor-registry", ports.registry, ports.http),
          ...toWorkload("harbor-trivy", ports.http),
          // Replication, webhooks and purges connect to servers that administrators configure in the web UI.
          ...external(80, 443),
        ],
      },
      dependsOn: [file.configMap, ...dependsOn],
    },
    { replicas: context.replicas },
    context,
  );
}

/** Declares Trivy, which scans images for vulnerabilities. */
export function scanner(
  {
    config: { scanner: config, ...harbor },
    redis,
  }: { config: Pick<HarborConfig, "scanner" | "redis">; redis: RedisConnection },
  context: HarborContext,
): k8s.apps.v1.StatefulSet {
  const probe = (path: string) => ({ httpGet: { path: `/probe/${path}`, port: ports.http } });
  const cache = "/home/scanner/.cache";
  return statefulSet(
    {
      name: "harbor-trivy",
      trustsAuthority: true,
      containers: [
        {
          name: "trivy",
          image: "harborScanner",
          writableRoot: true,
          env: environmentVariables({
            SCANNER_LOG_LEVEL: "info",
            SCANNER_API_SERVER_ADDR: `:${ports.http}`,
            SCANNER_TRIVY_CACHE_DIR: `${cache}/trivy`,
            SCANNER_TRIVY_REPORTS_DIR: `${cache}/reports`,
            SCANNER_TRIVY_VULN_TYPE: "os,library",
            SCANNER_TRIVY_SEVERITY: "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL",
            SCANNER_TRIVY_TIMEOUT: "10m0s",
            ...(config.database && { SCANNER_TRIVY_DB_REPOSITORY: config.database }),
            ...(config.javaDatabase && { SCANNER_TRIVY_JAVA_DB_REPOSITORY: config.javaDatabase }),
            ...(config.offline && { SCANNER_TRIVY_OFFLINE_SCAN: "true" }),
            ...redisAddresses(redis, {
              SCANNER_REDIS_URL: "scanner",
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
      // Space to unpack the layers of an image, some gigabytes for a large one.
      volumes: [scratch("tmp", "10Gi")],
      servicePorts: { http: [ports.http, ports.http] },
      secrets: [redis],
      network: {
        ingress: [
          {
            from: ["core", "jobservice"].map((name) => podsOf(`harbor-${name}`)),
            ports: [ports.http],
          },
        ],
        egress: [
          ...toRedis(harbor),
          ...toWorkload("harbor-core", ports.http),
          // The vulnerability databases, and Maven Central for Java archives.
          ...external(443),
        ],
      },
      dependsOn: redis.resources,
    },
    {
      replicas: context.replicas,
      volume: { name: "cache", size: config.size, class: config.class },
    },
    context,
  );
}

function configVolume(
  name: string,
  data: Record<string, string>,
  { part }: HarborContext,
): { volume: PodVolume; configMap: pulumi.Resource } {
  const files = immutableConfigMap(part, name, { data });
  return {
    volume: { name: "config", configMap: { name: files.name } },
    configMap: files.configMap,
  };
}

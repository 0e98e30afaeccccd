import type { BlockStorageClass } from "../../config";
import { environmentVariables } from "../shared/environment";
import { podsOf } from "../shared/network-policy";
import { secret } from "../shared/secret";
import { ports, redisConfig } from "./config-files";
import type { DatabaseConnection, RedisConnection } from "./connections";
import { randomText } from "./secrets";
import { sizes } from "./sizes";
import { statefulSet, type HarborContext } from "./workload";

/** Size and StorageClass of a volume. */
export interface VolumeArgs {
  /** Size of the volume, with a unit, for example `10Gi`. */
  size: string;
  /** Block storage class. Default: the cluster's default class. */
  class?: BlockStorageClass;
}

/** User ID of Harbor's PostgreSQL and Redis images. */
const user = 999;

/** Declares the internal PostgreSQL: one pod with one volume. Use an external database for high availability. */
export function internalDatabase(volume: VolumeArgs, context: HarborContext): DatabaseConnection {
  const name = "harbor-database";
  const { parent } = context.part;
  const credentials = secret(context.part, name, {
    data: {
      username: "postgres",
      password: randomText("harbor-database-password", 32, parent).result,
    },
  });
  const password = { secret: credentials.name, key: "password" };
  const data = "/var/lib/postgresql/data";
  const healthy = { exec: { command: ["/docker-healthcheck.sh"] }, timeoutSeconds: 5 };
  const database = statefulSet(
    {
      name,
      user,
      initContainers: [
        {
          // fsGroup makes the folder accessible to its group, which PostgreSQL rejects.
          name: "permissions",
          image: "harborDatabase",
          writableRoot: true,
          command: [
            "/bin/sh",
            "-c",
            `if [ -e ${data}/pgdata ]; then chmod -R 700 ${data}/pgdata; fi`,
          ],
          resources: sizes.initialize,
          volumeMounts: [{ name: "data", mountPath: data }],
        },
      ],
      containers: [
        {
          name: "postgresql",
          image: "harborDatabase",
          writableRoot: true,
          env: environmentVariables({ PGDATA: `${data}/pgdata`, POSTGRES_PASSWORD: password }),
          ports: [{ name: "postgresql", containerPort: ports.database }],
          startupProbe: { ...healthy, periodSeconds: 10, failureThreshold: 60 },
          livenessProbe: { ...healthy, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...healthy, periodSeconds: 10 },
          resources: sizes.database,
          volumeMounts: [
            { name: "data", mountPath: data },
            { name: "shm", mountPath: "/dev/shm" },
          ],
        },
      ],
      // PostgreSQL's parallel queries need more than a container's default of 64 MiB.
      volumes: [{ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "512Mi" } }],
      servicePorts: { postgresql: [ports.database, ports.database] },
      secrets: [credentials],
      network: {
        ingress: [
          {
            from: ["harbor-core", "harbor-jobservice", "harbor-exporter", "backup-harbor"].map(
              podsOf,
            ),
            ports: [ports.database],
          },
        ],
      },
    },
    { replicas: 1, volume: { name: "data", ...volume } },
    context,
  );
  return {
    host: name,
    port: ports.database,
    name: "registry",
    sslMode: "disable",
    username: { secret: credentials.name, key: "username" },
    password,
    podAnnotations: credentials.podAnnotations,
    resources: [database],
  };
}

/** Declares the internal Redis: one pod with one volume. */
export function internalRedis(volume: VolumeArgs, context: HarborContext): RedisConnection {
  const name = "harbor-redis";
  const { parent } = context.part;
  const password = randomText("harbor-redis-password", 32, parent).result;
  const credentials = secret(context.part, name, {
    data: { password, "redis.conf": password.apply(redisConfig) },
  });
  const open = { tcpSocket: { port: ports.redis } };
  const redis = statefulSet(
    {
      name,
      user,
      containers: [
        {
          name: "redis",
          image: "harborRedis",
          command: ["redis-server", "/etc/harbor-redis/redis.conf"],
          ports: [{ name: "redis", containerPort: ports.redis }],
          livenessProbe: { ...open, periodSeconds: 10, failureThreshold: 6 },
          readinessProbe: { ...open, periodSeconds: 5 },
          resources: sizes.redis,
          volumeMounts: [
            { name: "data", mountPath: "/var/lib/redis" },
            { name: "config", mountPath: "/etc/harbor-redis", readOnly: true },
          ],
        },
      ],
      volumes: [
        {
          name: "config",
          secret: {
            secretName: credentials.name,
            items: [{ key: "redis.conf", path: "redis.conf" }],
          },
        },
      ],
      servicePorts: { redis: [ports.redis, ports.redis] },
      secrets: [credentials],
      network: {
        ingress: [
          {
            from: ["core", "jobservice", "registry", "trivy", "exporter"].map((part) =>
              podsOf(`harbor-${part}`),
            ),
            ports: [ports.redis],
          },
        ],
      },
    },
    { replicas: 1, volume: { name: "data", ...volume } },
    context,
  );
  return {
    host: name,
    port: ports.redis,
    password: { secret: credentials.name, key: "password" },
    podAnnotations: credentials.podAnnotations,
    resources: [redis],
  };
}

import { stringify } from "yaml";
import type { HarborConfig } from "../../config";
import { redisDatabases } from "./connections";

/** Ports of Harbor's containers and Services. */
export const ports = {
  /** All parts serve HTTP on this port, behind Services with port 80. */
  http: 8080,
  service: 80,
  registry: 5000,
  metrics: 8001,
  database: 5432,
  redis: 6379,
} as const;

/** Path of the metrics of every part. */
export const metricsPath = "/metrics";

/** User name of Harbor's own parts at the registry of layers. */
export const registryUser = "harbor_registry_user";

/** Prefix of the names of metrics, before that of the subsystem. */
export const metricsNamespace = "harbor";

/** Returns the settings of the registry of layers. Passwords and keys come from environment variables. */
export function registryConfig(
  storage: HarborConfig["storage"],
  redis: { host: string; port: number },
): string {
  return stringify({
    version: 0.1,
    log: { level: "info", fields: { service: "registry" } },
    storage: {
      ...storageDriver(storage),
      cache: { layerinfo: "redis" },
      maintenance: {
        uploadpurging: { enabled: true, age: "168h", interval: "24h", dryrun: false },
      },
      delete: { enabled: true },
      redirect: { disable: storage.type !== "s3" || !storage.redirect },
    },
    redis: {
      addr: `${redis.host}:${redis.port}`,
      db: redisDatabases.registry,
      readtimeout: "10s",
      writetimeout: "10s",
      dialtimeout: "10s",
      pool: { maxidle: 100, maxactive: 500, idletimeout: "60s" },
    },
    http: {
      addr: `:${ports.registry}`,
      // Makes the URLs of layers correct behind any gateway.
      relativeurls: true,
      debug: { addr: `:${ports.metrics}`, prometheus: { enabled: true, path: metricsPath } },
    },
    auth: { htpasswd: { realm: "harbor-registry-basic-realm", path: "/etc/registry/passwd" } },
    validation: { disabled: true },
    compatibility: { schema1: { enabled: true } },
  });
}

function storageDriver(storage: HarborConfig["storage"]): object {
  if (storage.type === "volume") return { filesystem: { rootdirectory: "/storage" } };
  const { region, bucket, endpoint } = storage;
  const other = endpoint === undefined ? {} : { regionendpoint: endpoint, forcepathstyle: true };
  return { s3: { region, bucket, ...other, secure: !endpoint?.startsWith("http:"), v4auth: true } };
}

/** Returns the settings of the registry controller, which deletes layers. */
export function registryControllerConfig(): string {
  return stringify({
    protocol: "http",
    port: ports.http,
    log_level: "info",
    registry_config: "/etc/registry/config.yml",
  });
}

/** A logger of the job service. It does not start with an unknown name, or with a sweeper for `STD_OUTPUT`. */
type JobLogger =
  | { name: "STD_OUTPUT"; level: LogLevel }
  | { name: "DB"; level: LogLevel; sweeper: { duration: number } }
  | { name: "FILE"; level: LogLevel; settings: { base_dir: string } };

type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "FATAL";

/**
 * Returns the settings of the job service. Logs of jobs are in Harbor's database, because a volume would tie all pods
 * to one node. The URL of Redis comes from `JOB_SERVICE_POOL_REDIS_URL`.
 */
export function jobServiceConfig(): string {
  const days = 14;
  const jobLoggers: JobLogger[] = [
    { name: "STD_OUTPUT", level: "INFO" },
    { name: "DB", level: "INFO", sweeper: { duration: days } },
  ];
  return stringify({
    protocol: "http",
    port: ports.http,
    worker_pool: {
      workers: 10,
      backend: "redis",
      redis_pool: { namespace: jobNamespace, idle_timeout_second: 3600 },
    },
    job_loggers: jobLoggers,
    loggers: [{ name: "STD_OUTPUT", level: "INFO" }],
    metric: { enabled: true, path: metricsPath, port: ports.metrics },
    reaper: { max_update_hours: 24, max_dangling_hours: 168 },
  });
}

/** Prefix of the job queue's keys in Redis, which the exporter reads too. */
export const jobNamespace = "harbor_job_service_namespace";

/** `app.conf` of Harbor's core. */
export const coreConfig = [
  "appname = Harbor",
  "runmode = prod",
  "enablegzip = true",
  "",
  "[prod]",
  `httpport = ${ports.http}`,
  "",
].join("\n");

/** Configuration of nginx for Harbor's web UI; it writes only below `/tmp`. */
export const portalConfig = `worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections 1024;
}

http {
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  gzip on;
  gzip_types text/plain text/css application/json application/javascript;

  server {
    listen ${ports.http};
    root /usr/share/nginx/html;
    index index.html;

    location / {
      try_files $uri $uri/ /index.html;
    }
    # The page of the API, which is another one than the pages' start.
    location /devcenter-api-2.0 {
      try_files $uri $uri/ /swagger-ui-index.html;
    }
    # The pages of a new version must be seen at once; what they name has names of its own.
    location = /index.html {
      add_header Cache-Control "no-store, no-cache, must-revalidate";
    }
    # A Docker client asks for the old API first and must not be given a page.
    location /v1/ {
      return 404;
    }
  }
}
`;

/** Returns the settings of the internal Redis; it stores queues and sessions, which must survive a restart. */
export function redisConfig(password: string): string {
  return [
    `port ${ports.redis}`,
    "bind 0.0.0.0",
    "protected-mode yes",
    "dir /var/lib/redis",
    "appendonly yes",
    `requirepass ${password}`,
    "",
  ].join("\n");
}

import { z } from "zod";

/**
 * Settings of Harbor 2.15.1 that this program generates, from its source at tag v2.15.1 of goharbor/harbor. A key that
 * is in no table here is one that Harbor does not read.
 */

/** Environment variables, and the files that read them. */
type Variables = Record<string, string>;

const level = z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "FATAL"]);

/** Loggers of src/jobservice/logger/known_loggers.go; only two of them have a sweeper. */
const logger = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("STD_OUTPUT"), level }),
  z.strictObject({
    name: z.literal("DB"),
    level,
    sweeper: z.strictObject({ duration: z.int().min(1), settings: z.object({}).optional() }),
  }),
  z.strictObject({
    name: z.literal("FILE"),
    level,
    settings: z.strictObject({ base_dir: z.string() }),
    sweeper: z.strictObject({
      duration: z.int().min(1),
      settings: z.strictObject({ work_dir: z.string() }),
    }),
  }),
]);

/** The job service's config.yml: src/jobservice/config/config.go and its `validate`. */
export const jobServiceFile = z.strictObject({
  protocol: z.enum(["http", "https"]),
  port: z.int(),
  worker_pool: z.strictObject({
    workers: z.int().min(1),
    backend: z.literal("redis"),
    redis_pool: z.strictObject({
      redis_url: z.string().optional(),
      namespace: z.string().min(1),
      idle_timeout_second: z.int(),
    }),
  }),
  job_loggers: z.array(logger).min(1),
  // The service's own log belongs to no job.
  loggers: z.array(logger.options[0]).min(1),
  metric: z.strictObject({ enabled: z.boolean(), path: z.string(), port: z.int() }),
  reaper: z.strictObject({ max_update_hours: z.int(), max_dangling_hours: z.int() }),
  max_retrieve_size_mb: z.int().optional(),
});

/** The registry controller's config.yml: src/registryctl/config/config.go. */
export const registryControllerFile = z.strictObject({
  protocol: z.enum(["http", "https"]),
  port: z.int(),
  log_level: z.string(),
  registry_config: z.string(),
});

const log: Variables = { LOG_LEVEL: "src/lib/log/logger.go" };
const metric: Variables = {
  METRIC_NAMESPACE: "src/lib/metric/server.go",
  METRIC_SUBSYSTEM: "src/lib/metric/server.go",
};
const parts: Variables = Object.fromEntries(
  [
    ...["CORE_URL", "REGISTRY_URL", "REGISTRY_CONTROLLER_URL", "TOKEN_SERVICE_URL"],
    ...["EXT_ENDPOINT", "CORE_LOCAL_URL", "JOBSERVICE_URL", "TRIVY_ADAPTER_URL", "WITH_TRIVY"],
    ...["REGISTRY_STORAGE_PROVIDER_NAME", "DATABASE_TYPE", "HARBOR_ADMIN_PASSWORD"],
    ...["POSTGRESQL_HOST", "POSTGRESQL_PORT", "POSTGRESQL_DATABASE", "POSTGRESQL_SSLMODE"],
    ...["POSTGRESQL_USERNAME", "POSTGRESQL_PASSWORD"],
    ...["POSTGRESQL_MAX_IDLE_CONNS", "POSTGRESQL_MAX_OPEN_CONNS"],
    ...["METRIC_ENABLE", "METRIC_PATH", "METRIC_PORT"],
  ].map((name) => [name, "src/lib/config/metadata/metadatalist.go"]),
);
const accounts: Variables = {
  REGISTRY_CREDENTIAL_USERNAME: "src/lib/config/systemconfig.go",
  REGISTRY_CREDENTIAL_PASSWORD: "src/lib/config/systemconfig.go",
  CORE_SECRET: "src/lib/config/systemconfig.go",
  JOBSERVICE_SECRET: "src/lib/config/systemconfig.go",
};
/** Distribution reads `REGISTRY_` and the path of a key in its config.yml: configuration/parser.go. */
const registry: Variables = Object.fromEntries(
  [
    ...["REGISTRY_HTTP_SECRET", "REGISTRY_REDIS_PASSWORD"],
    ...["REGISTRY_STORAGE_S3_ACCESSKEY", "REGISTRY_STORAGE_S3_SECRETKEY"],
  ].map((name) => [name, "configuration/parser.go of goharbor/distribution v2.8.3"]),
);

const exporter = "src/cmd/exporter/main.go";
const scanner = "pkg/etc/config.go of goharbor/harbor-scanner-trivy v0.36.0";
const database = "make/photon/db/docker-entrypoint.sh";

/** Variables of each container. Variables for `$(NAME)` in another value are not Harbor's. */
export const harborVariables: Record<string, Variables> = {
  core: {
    ...log,
    ...metric,
    ...parts,
    ...accounts,
    CONFIG_PATH: "src/core/controllers/base.go",
    PORTAL_URL: "src/lib/config/systemconfig.go",
    CSRF_KEY: "src/server/middleware/csrf/csrf.go",
    _REDIS_URL_CORE: "src/core/main.go",
    _REDIS_URL_REG: "src/server/v2.0/handler/gc.go",
  },
  jobservice: {
    ...log,
    ...metric,
    ...parts,
    ...accounts,
    JOB_SERVICE_POOL_REDIS_URL: "src/jobservice/config/config.go",
  },
  registry,
  registryctl: { ...registry, ...accounts, ...log },
  exporter: {
    ...log,
    ...Object.fromEntries(
      [
        ...["EXPORTER_PORT", "EXPORTER_METRICS_PATH", "EXPORTER_METRICS_ENABLED"],
        ...["EXPORTER_CACHE_TIME", "EXPORTER_CACHE_CLEAN_INTERVAL"],
        ...["SERVICE_SCHEME", "SERVICE_HOST", "SERVICE_PORT"],
        ...["REDIS_URL", "REDIS_NAMESPACE", "REDIS_TIMEOUT"],
        ...["DATABASE_HOST", "DATABASE_PORT", "DATABASE_DBNAME", "DATABASE_SSLMODE"],
        ...["DATABASE_USERNAME", "DATABASE_PASSWORD"],
        ...["DATABASE_MAX_IDLE_CONNS", "DATABASE_MAX_OPEN_CONNS"],
      ].map((name) => [`HARBOR_${name}`, exporter]),
    ),
  },
  trivy: Object.fromEntries(
    [
      ...["SCANNER_LOG_LEVEL", "SCANNER_API_SERVER_ADDR", "SCANNER_REDIS_URL"],
      ...["SCANNER_TRIVY_CACHE_DIR", "SCANNER_TRIVY_REPORTS_DIR", "SCANNER_TRIVY_VULN_TYPE"],
      ...["SCANNER_TRIVY_SEVERITY", "SCANNER_TRIVY_TIMEOUT", "SCANNER_TRIVY_OFFLINE_SCAN"],
      ...["SCANNER_TRIVY_DB_REPOSITORY", "SCANNER_TRIVY_JAVA_DB_REPOSITORY"],
    ].map((name) => [name, scanner]),
  ),
  postgresql: { PGDATA: database, POSTGRES_PASSWORD: database },
  portal: {},
  redis: {},
};

const text = z.string();
const access = z.strictObject({
  resource: z.literal("repository"),
  action: z.enum(["pull", "push"]),
});
const permission = z.strictObject({
  kind: z.enum(["project", "system"]),
  namespace: text,
  access: z.array(access).min(1),
});
const robot = {
  name: text,
  description: text,
  level: z.enum(["system", "project"]),
  // Days; -1 for unlimited.
  duration: z.int().min(-1),
  disable: z.boolean(),
  permissions: z.array(permission),
};
const flag = z.enum(["true", "false"]);
const metadata = z.strictObject({ public: flag, auto_scan: flag });
const selector = z.strictObject({
  kind: z.literal("doublestar"),
  decoration: z.enum(["matches", "excludes", "repoMatches", "repoExcludes"]),
  pattern: text,
});
const retention = {
  algorithm: z.literal("or"),
  rules: z.array(
    z.strictObject({
      disabled: z.boolean(),
      action: z.literal("retain"),
      template: z.enum(["latestPushedK", "nDaysSinceLastPull", "nDaysSinceLastPush", "always"]),
      params: z.record(text, z.int()),
      tag_selectors: z.array(selector).min(1),
      scope_selectors: z.strictObject({ repository: z.array(selector).min(1) }),
    }),
  ),
  trigger: z.strictObject({
    kind: z.literal("Schedule"),
    settings: z.strictObject({ cron: text }),
  }),
  scope: z.strictObject({ level: z.literal("project"), ref: z.int() }),
};

/** Request bodies of the API: definitions of api/v2.0/swagger.yaml, by method and first part of the path. */
export const harborBodies: Record<string, z.ZodType> = {
  "PUT configurations": z.strictObject({
    self_registration: z.boolean().optional(),
    project_creation_restriction: z.enum(["everyone", "adminonly"]).optional(),
  }),
  "POST projects": z.strictObject({ project_name: text, metadata }),
  "PUT projects": z.strictObject({ metadata }),
  "POST retentions": z.strictObject(retention),
  "PUT retentions": z.strictObject({ id: z.int(), ...retention }),
  "POST robots": z.strictObject(robot),
  "PUT robots": z.strictObject({ id: z.int(), ...robot }),
  "PATCH robots": z.strictObject({ secret: text }),
  "POST system": z.strictObject({
    schedule: z.strictObject({ type: z.enum(["Custom", "Daily", "Weekly"]), cron: text }),
    parameters: z.strictObject({ delete_untagged: z.boolean() }),
  }),
};
harborBodies["PUT system"] = z.lazy(() => harborBodies["POST system"] ?? z.never());

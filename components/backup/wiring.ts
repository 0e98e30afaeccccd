import type { BackupConfig } from "../../config";
import { systemsToSave } from "../../config/components/backup";
import { nexusName, nexusPort } from "../artifacts/server";
import { selectorLabels } from "../shared/labels";
import type { PostgresSource, SecretRef, Sources } from "./sources";

/** A PostgreSQL server in the parts' configs. The Secret has the keys `username` and `password`. */
interface ExternalDatabase {
  host: string;
  port: number;
  name: string;
  sslMode: string;
  secret: string;
}

/** The parts of the components' configs that determine how a system is backed up. */
export interface SavedParts {
  /** Jenkins. */
  ci?: { external?: object };
  /** Harbor. */
  registry?: {
    external?: object;
    database?: { type: "internal" } | ({ type: "external" } & ExternalDatabase);
  };
  /** Nexus. */
  artifacts?: { database: { type: "h2" } | ({ type: "postgresql" } & ExternalDatabase) };
  /** Grafana. */
  monitoring?: object;
  /** Elasticsearch. */
  logging?: { tlsSecret?: string };
}

/** Namespace of the backups of etcd and GitLab, which belong to no part. */
export const backupNamespace = "backup";

/**
 * Returns the systems of a stack's parts that are backed up: those of `systemsToSave`. This is the only place that knows
 * how the other parts name their objects.
 */
export function sourcesOf({ ci, registry, artifacts, monitoring, logging }: SavedParts): Sources {
  const all: Sources = {
    jenkins,
    harbor: registry?.database && harborOf(registry.database),
    nexus: artifacts && nexusOf(artifacts.database),
    grafana,
    elasticsearch: elasticsearchOf(logging?.tlsSecret),
  };
  // Without the section of the backups themselves, whose systems are in `ownSources`.
  const systems = systemsToSave({ ci, registry, artifacts, monitoring, logging });
  return Object.fromEntries(systems.map((system) => [system, all[system]]));
}

/** Returns the systems that belong to no part, and that the config of the backups describes. */
export function ownSources({
  etcd,
  gitlab,
}: Pick<BackupConfig, "etcd" | "gitlab">): Pick<Sources, "etcd" | "gitlab"> {
  return {
    ...(etcd && { etcd: { namespace: backupNamespace, ...etcd } }),
    ...(gitlab && { gitlab: { namespace: backupNamespace, ...gitlab } }),
  };
}

const jenkins = {
  namespace: "ci",
  claim: "home-jenkins-0",
  user: 1000,
  sameNodeAs: selectorLabels("jenkins"),
};

const grafana = {
  namespace: "monitoring",
  claim: "grafana",
  user: 472,
  sameNodeAs: selectorLabels("grafana"),
  keys: [{ secret: "grafana", key: "secret-key" }],
};

function harborOf(database: NonNullable<NonNullable<SavedParts["registry"]>["database"]>) {
  const internal = {
    host: "harbor-database",
    port: 5432,
    name: "registry",
    sslMode: "disable",
    secret: "harbor-database",
  };
  return {
    namespace: "registry",
    database: postgres(database.type === "internal" ? internal : database),
    keys: [{ secret: "harbor-core", key: "secret-key" }],
  };
}

function nexusOf(database: NonNullable<SavedParts["artifacts"]>["database"]) {
  const password: SecretRef = { secret: "nexus-admin", key: "password" };
  const server = { pods: nexusName, port: nexusPort };
  return {
    namespace: "artifacts",
    claim: "data-nexus-0",
    user: 200,
    sameNodeAs: selectorLabels("nexus"),
    database:
      database.type === "h2"
        ? { type: "h2" as const, url: `http://${nexusName}`, server, user: "admin", password }
        : postgres(database),
    keys: [{ secret: "nexus-server", key: "keys.json" }],
  };
}

function elasticsearchOf(tlsSecret = "logging-tls") {
  return {
    namespace: "logging",
    url: "https://elasticsearch.logging.svc:9200",
    user: "elastic",
    password: { secret: "elasticsearch", key: "elastic" },
    authority: { secret: tlsSecret, key: "ca.crt" },
  };
}

function postgres({ host, port, name, sslMode, secret }: ExternalDatabase): PostgresSource {
  const key = (name: string): SecretRef => ({ secret, key: name });
  return {
    type: "postgresql",
    ...{ host, port, name, sslMode },
    username: key("username"),
    password: key("password"),
  };
}

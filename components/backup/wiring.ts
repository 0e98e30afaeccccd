import type { BackupConfig } from "../../config";
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

/** The parts of the components' configs that determine what is backed up. */
export interface SavedParts {
  backup?: Pick<BackupConfig, "etcd" | "gitlab">;
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
 * Returns the systems of a stack that are backed up. This is the only place that knows how the other parts name
 * their objects.
 */
export function sourcesOf(parts: SavedParts): Sources {
  const { backup, ci, registry, artifacts, monitoring, logging } = parts;
  return {
    ...(ci && ci.external === undefined ? { jenkins } : {}),
    ...(registry?.database ? { harbor: harborOf(registry.database) } : {}),
    ...(artifacts ? { nexus: nexusOf(artifacts.database) } : {}),
    ...(monitoring ? { grafana } : {}),
    ...(logging ? { elasticsearch: elasticsearchOf(logging.tlsSecret) } : {}),
    ...(backup?.etcd ? { etcd: { namespace: backupNamespace, ...backup.etcd } } : {}),
    ...(backup?.gitlab ? { gitlab: { namespace: backupNamespace, ...backup.gitlab } } : {}),
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

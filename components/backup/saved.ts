import { scriptPath, scriptsFolder, type Step } from "./cron-job";
import { etcdOf } from "./etcd";
import { gitlabOf } from "./gitlab";
import type { PostgresSource, Sources } from "./sources";
import type { FileBackup } from "./system";
import {
  nobody,
  claimVolume,
  folders,
  keyFiles,
  keysVolume,
  loginVolume,
  mount,
  secretVolume,
  stagingVolume,
} from "./volumes";

const postgresScript = "backup/scripts/postgres.sh";
const sqliteScript = "backup/scripts/sqlite.py";
const nexusScripts = ["backup/scripts/nexus-h2.mjs", "shared/bootstrap/api.mjs"];

/** Returns how each existing system with files is backed up. */
export function fileBackups(sources: Sources, staging: string): FileBackup[] {
  const { jenkins, harbor, nexus, grafana, etcd, gitlab } = sources;
  return [
    ...(jenkins ? [jenkinsOf(jenkins)] : []),
    ...(grafana ? [grafanaOf(grafana, staging)] : []),
    ...(harbor ? [harborOf(harbor, staging)] : []),
    ...(nexus ? [nexusOf(nexus, staging)] : []),
    ...(etcd ? [etcdOf(etcd, staging)] : []),
    ...(gitlab ? [gitlabOf(gitlab, staging)] : []),
  ];
}

/** Jenkins writes each file to a new file and renames it, so no file is read half-written. */
function jenkinsOf({
  namespace,
  user,
  sameNodeAs,
  claim,
}: NonNullable<Sources["jenkins"]>): FileBackup {
  const { source } = folders;
  return {
    system: "jenkins",
    ...{ namespace, user, sameNodeAs },
    steps: [],
    scripts: [],
    volumes: [claimVolume(claim)],
    mounts: [mount("source", source)],
    paths: [source],
    required: [`${source}/config.xml`, `${source}/secrets/master.key`],
    // Files that a start or a build creates again, and files that change while they are read.
    excludes: [
      ...["workspace", "caches", "war", "plugins", "logs", "tmp", ".cache", "lost+found"].map(
        (folder) => `${source}/${folder}`,
      ),
      "workspace@*",
      "*.tmp",
    ],
  };
}

function grafanaOf(from: NonNullable<Sources["grafana"]>, staging: string): FileBackup {
  const { source, staging: dumps, keys } = folders;
  const { namespace, user, sameNodeAs } = from;
  const copy = `${dumps}/grafana.db`;
  return {
    system: "grafana",
    ...{ namespace, user, sameNodeAs },
    steps: [
      {
        name: "copy",
        image: "python",
        command: ["python3", scriptPath(sqliteScript)],
        environment: { SQLITE_SOURCE: `${source}/grafana.db`, SQLITE_COPY: copy },
        mounts: [mount("source", source), mount("staging", dumps, false)],
      },
    ],
    scripts: [sqliteScript],
    volumes: [claimVolume(from.claim), stagingVolume(staging), keysVolume(from.keys)],
    mounts: [mount("staging", dumps), mount("keys", keys)],
    paths: [dumps, keys],
    required: [copy, ...keyFiles(from.keys)],
    excludes: [],
  };
}

function harborOf(from: NonNullable<Sources["harbor"]>, staging: string): FileBackup {
  const { staging: dumps, keys } = folders;
  return {
    system: "harbor",
    namespace: from.namespace,
    user: nobody,
    steps: [dumpStep(from.database)],
    scripts: [postgresScript],
    volumes: [stagingVolume(staging), loginVolume(from.database), keysVolume(from.keys)],
    mounts: [mount("staging", dumps), mount("keys", keys)],
    paths: [dumps, keys],
    required: [dumpFile, ...keyFiles(from.keys)],
    excludes: [],
  };
}

/**
 * The database is dumped first, then the artifacts are copied: every artifact in the database is then among the
 * files. Only artifacts that were pushed in between are missing from the database.
 */
function nexusOf(from: NonNullable<Sources["nexus"]>, staging: string): FileBackup {
  const { source, staging: dumps, keys } = folders;
  const { namespace, user, sameNodeAs, database } = from;
  const common = {
    system: "nexus" as const,
    ...{ namespace, user, sameNodeAs },
    // Files that a start creates again, and the database's own files, whose copy would be inconsistent.
    excludes: ["cache", "tmp", "log", "instances", "db", "elasticsearch", "lost+found"].map(
      (folder) => `${source}/${folder}`,
    ),
  };
  const volumes = [claimVolume(from.claim), keysVolume(from.keys)];
  const mounts = [mount("source", source), mount("keys", keys)];
  if (database.type === "postgresql") {
    return {
      ...common,
      steps: [dumpStep(database)],
      scripts: [postgresScript],
      volumes: [...volumes, stagingVolume(staging), loginVolume(database)],
      mounts: [...mounts, mount("staging", dumps)],
      paths: [source, keys, dumps],
      required: [dumpFile, ...keyFiles(from.keys)],
    };
  }
  const { url, password } = database;
  const folder = { name: "backup", path: `${source}/backup` };
  const settings = { url, user: database.user, folder, wait: { seconds: 7200, pause: 5 } };
  return {
    ...common,
    steps: [
      {
        name: "dump",
        image: "node",
        command: ["node", scriptPath("backup/scripts/nexus-h2.mjs")],
        environment: {
          BOOTSTRAP_SETTINGS: scriptPath("nexus.json"),
          BOOTSTRAP_SECRETS: folders.login,
        },
        // Writable: it deletes the dumps of earlier days.
        mounts: [mount("source", source, false), mount("login", folders.login)],
      },
    ],
    scripts: nexusScripts,
    files: { "nexus.json": `${JSON.stringify(settings, undefined, 2)}\n` },
    volumes: [...volumes, secretVolume("login", { password })],
    mounts,
    paths: [source, keys],
    required: [folder.path, ...keyFiles(from.keys)],
  };
}

const dumpFile = `${folders.staging}/database.dump`;

function dumpStep({ host, port, name, sslMode }: PostgresSource): Step {
  return {
    name: "dump",
    image: "postgres",
    command: ["sh", scriptPath(postgresScript)],
    environment: {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: name,
      PGSSLMODE: sslMode,
      // The image's public CAs. Only for these modes: with a root file, libpq also verifies in the mode `require`.
      ...(sslMode.startsWith("verify-")
        ? { PGSSLROOTCERT: "/etc/ssl/certs/ca-certificates.crt" }
        : {}),
      DATABASE_SECRETS: folders.login,
      DATABASE_DUMP: dumpFile,
    },
    mounts: [mount("staging", folders.staging, false), mount("login", folders.login)],
  };
}

/** Name of the file with the patterns of excluded files. */
export const excludesFile = "excludes";

/** Path of this file in every step. */
export const excludesPath = `${scriptsFolder}/${excludesFile}`;

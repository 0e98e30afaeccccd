import type * as k8s from "@pulumi/kubernetes";
import type { ArtifactsConfig } from "../../config";
import type { Part } from "../shared/context";
import { environmentVariables, type SecretKey } from "../shared/environment";
import { anyAddress, gatewayPods, podsOf, type Network } from "../shared/network-policy";
import { scratch, type PartContainer } from "../shared/pod-template";
import type { DeclaredSecret } from "../shared/secret";
import { statefulSet } from "../shared/workload";
import { javaOptions, nexusResources } from "./sizing";

/** Name of Nexus's workload and Service. */
export const nexusName = "nexus";

/** Port of Nexus's web UI, API and repositories. */
export const nexusPort = 8081;

/** Arguments of {@link nexusServer}. */
export interface NexusArgs {
  /** Validated config of the part. */
  config: ArtifactsConfig;
  /** Secret with the keys `initial-password` and `keys.json`. */
  secret: DeclaredSecret;
}

/** Declares Nexus as a StatefulSet, so that the old pod has ended before a new one opens the database on the volume. */
export function nexusServer(part: Part, args: NexusArgs): k8s.apps.v1.StatefulSet {
  const { config, secret } = args;
  const { storage, replicas } = config;
  return statefulSet(part, {
    name: nexusName,
    replicas,
    serviceName: nexusName,
    claims: [{ name: "data", size: storage.size, storageClass: storage.class }],
    // User ID of the processes in Nexus's image.
    user: 200,
    ownsVolumes: "large",
    secrets: [secret],
    containers: [container(args)],
    volumes: [
      {
        name: "keys",
        secret: { secretName: secret.name, items: [{ key: "keys.json", path: "keys.json" }] },
      },
      // Uploads go to `tmp` on the data volume; this volume takes what libraries unpack.
      scratch("tmp", "1Gi"),
    ],
    service: { ports: { http: { port: 80, targetPort: nexusPort } } },
    network: network(config),
    // Time to close the database cleanly.
    spec: { terminationGracePeriodSeconds: 120 },
  });
}

/**
 * Clients are the gateway, the bootstrap Job, and the backup, which makes Nexus dump its embedded database. Nexus calls
 * the proxied repositories, whose addresses are in the config.
 */
function network({ repositories, database }: ArtifactsConfig): Network {
  const backup = database.type === "h2" ? [podsOf("backup-nexus")] : [];
  const remotes = Object.values(repositories).flatMap((repository) =>
    repository.type === "proxy" ? [portOf(repository.remote)] : [],
  );
  const ports = [...new Set([443, ...remotes])].sort((a, b) => a - b);
  return {
    ingress: [{ from: [gatewayPods, podsOf("nexus-bootstrap"), ...backup], ports: [nexusPort] }],
    egress: [
      { to: [anyAddress], ports },
      ...(database.type === "postgresql" ? [{ to: [anyAddress], ports: [database.port] }] : []),
    ],
  };
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}

function container({ config, secret }: NexusArgs): PartContainer {
  const status = { httpGet: { path: "/service/rest/v1/status", port: nexusPort } };
  return {
    name: nexusName,
    image: "nexus",
    env: environmentVariables({
      INSTALL4J_ADD_VM_PARAMS: javaOptions(config.heap),
      NEXUS_SECURITY_RANDOMPASSWORD: "false",
      NEXUS_SECURITY_INITIAL_PASSWORD: { secret: secret.name, key: "initial-password" },
      NEXUS_SECRETS_KEY_FILE: "/nexus-keys/keys.json",
      ...databaseEnvironment(config.database),
    }),
    ports: [{ name: "http", containerPort: nexusPort }],
    // The first start fills the database, and an upgrade rebuilds its indexes: up to 30 minutes.
    startupProbe: { ...status, periodSeconds: 10, failureThreshold: 180 },
    livenessProbe: { ...status, periodSeconds: 60, failureThreshold: 6, timeoutSeconds: 10 },
    readinessProbe: { ...status, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 10 },
    resources: nexusResources(config.heap),
    writableRoot: true,
    volumeMounts: [
      { name: "data", mountPath: "/nexus-data" },
      { name: "keys", mountPath: "/nexus-keys", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** Set by environment variables, because anyone who lists processes can read JVM options. */
function databaseEnvironment(
  database: ArtifactsConfig["database"],
): Record<string, string | SecretKey> {
  if (database.type === "h2") return {};
  const { host, port, name, sslMode, secret } = database;
  return {
    NEXUS_DATASTORE_NEXUS_JDBCURL: `jdbc:postgresql://${host}:${port}/${name}?sslmode=${sslMode}`,
    NEXUS_DATASTORE_NEXUS_USERNAME: { secret, key: "username" },
    NEXUS_DATASTORE_NEXUS_PASSWORD: { secret, key: "password" },
  };
}

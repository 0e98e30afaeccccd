import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactsConfig } from "../../config";
import { environmentVariables, type SecretKey } from "../shared/environment";
import { imageReference, images } from "../shared/images";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, ownsLargeVolumes, withoutApiAccess } from "../shared/pods";
import { javaOptions, nexusResources } from "./sizing";

/** Port of Nexus's pages, API and repositories. */
export const nexusPort = 8081;

/** User of Nexus's processes in its image. */
const user = 200;

/** What the pod is made from. */
export interface NexusPodArgs {
  config: Pick<ArtifactsConfig, "database" | "heap">;
  /** Secret with `initial-password` and `keys.json`. */
  secret: pulumi.Input<string>;
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Nexus's pod; the StatefulSet adds the volume `data`. */
export function nexusPod(args: NexusPodArgs): k8s.types.input.core.v1.PodSpec {
  return {
    ...withoutApiAccess,
    securityContext: ownsLargeVolumes(user),
    // Its database must be closed in peace.
    terminationGracePeriodSeconds: 120,
    ...platformPlacement(args.placement),
    containers: [container(args)],
    volumes: [
      {
        name: "keys",
        secret: { secretName: args.secret, items: [{ key: "keys.json", path: "keys.json" }] },
      },
      { name: "tmp", emptyDir: {} },
    ],
  };
}

function container({
  config,
  secret,
  imageMirror,
}: NexusPodArgs): k8s.types.input.core.v1.Container {
  const status = { httpGet: { path: "/service/rest/v1/status", port: nexusPort } };
  return {
    name: "nexus",
    image: imageReference(images.nexus, imageMirror),
    env: environmentVariables({
      INSTALL4J_ADD_VM_PARAMS: javaOptions(config.heap),
      NEXUS_SECURITY_RANDOMPASSWORD: "false",
      NEXUS_SECURITY_INITIAL_PASSWORD: { secret, key: "initial-password" },
      NEXUS_SECRETS_KEY_FILE: "/nexus-keys/keys.json",
      ...databaseEnvironment(config.database),
    }),
    ports: [{ name: "http", containerPort: nexusPort }],
    // A first start fills the database, an upgrade rebuilds its indexes: half an hour.
    startupProbe: { ...status, periodSeconds: 10, failureThreshold: 180 },
    livenessProbe: { ...status, periodSeconds: 60, failureThreshold: 6, timeoutSeconds: 10 },
    readinessProbe: { ...status, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 10 },
    resources: nexusResources(config.heap),
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: "data", mountPath: "/nexus-data" },
      { name: "keys", mountPath: "/nexus-keys", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** By variables, not by options of the Java machine, which anyone who lists processes can read. */
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

import * as pulumi from "@pulumi/pulumi";
import type { BackupConfig, SavedSystem } from "../../config";
import { awsCredentials, credentialsFile } from "../shared/bucket";
import { objectLabels } from "../shared/labels";
import type { PodVolume } from "../shared/pod-template";
import { secret } from "../shared/secret";

/** Where the Secret of the bucket is mounted. */
export const credentialsFolder = "/run/secrets/repository";

/** Name of the Secret that is made from the config's credentials, in the namespace of each saved system. */
const secretName = "backup-repository";

/** Folder of a system in the bucket. Each is a repository of its own, so that none waits for another's lock. */
export function systemFolder(
  { prefix }: BackupConfig["repository"],
  environment: string,
  system: SavedSystem,
): string {
  return `${prefix ?? environment}/${system}`;
}

/** A system's repository as restic writes its address. */
export function repositoryAddress(
  repository: BackupConfig["repository"],
  environment: string,
  system: SavedSystem,
): string {
  const { endpoint, bucket } = repository;
  const folder = systemFolder(repository, environment, system);
  return `s3:${endpoint.replace(/\/$/, "")}/${bucket}/${folder}`;
}

/** Variables by which restic finds a repository and who it is; only files hold anything secret. */
export function repositoryVariables(
  config: Pick<BackupConfig, "repository" | "retention">,
  environment: string,
  system: SavedSystem,
): Record<string, string> {
  const { last, daily, weekly, monthly } = config.retention;
  return {
    RESTIC_REPOSITORY: repositoryAddress(config.repository, environment, system),
    RESTIC_PASSWORD_FILE: `${credentialsFolder}/password`,
    AWS_SHARED_CREDENTIALS_FILE: `${credentialsFolder}/${credentialsFile}`,
    AWS_DEFAULT_REGION: config.repository.region,
    KEEP_LAST: String(last),
    KEEP_DAILY: String(daily),
    KEEP_WEEKLY: String(weekly),
    KEEP_MONTHLY: String(monthly),
  };
}

/**
 * The Secret of the bucket in one namespace: the company's own, or one made from the config.
 * @returns its name.
 */
export function repositorySecret(
  credentials: BackupConfig["credentials"],
  { namespace, name }: { namespace: pulumi.Input<string>; name: string },
  parent: pulumi.Resource,
): pulumi.Input<string> {
  if ("secret" in credentials) return credentials.secret;
  const { accessKey, secretKey, password } = credentials;
  return secret(
    `${secretName}-${name}`,
    {
      namespace,
      labels: objectLabels("backup", "backup"),
      data: { [credentialsFile]: awsCredentials(accessKey, secretKey), password },
    },
    parent,
  ).name;
}

/** The volume of {@link credentialsFolder}. */
export function credentialsVolume(secretName: pulumi.Input<string>): PodVolume {
  const items = [credentialsFile, "password"].map((key) => ({ key, path: key }));
  return { name: "repository", secret: { secretName, defaultMode: 0o440, items } };
}

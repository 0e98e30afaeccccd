import * as pulumi from "@pulumi/pulumi";
import type { BackupConfig, SavedSystem } from "../../config";
import { awsCredentials, credentialsFile } from "../shared/bucket";
import type { Part } from "../shared/context";
import type { PodVolume } from "../shared/pod-template";
import { secret } from "../shared/secret";

/** Mount path of the Secret with the credentials of the bucket. */
export const credentialsFolder = "/run/secrets/repository";

/** Name of the Secret with the credentials from the config, in the namespace of each system. */
const secretName = "backup-repository";

/**
 * Returns the folder of a system in the bucket. Each is a separate repository, so that none waits for another's
 * lock.
 */
export function systemFolder(
  { prefix }: BackupConfig["repository"],
  environment: string,
  system: SavedSystem,
): string {
  return `${prefix ?? environment}/${system}`;
}

/** Returns the address of a system's repository in restic's format. */
export function repositoryAddress(
  repository: BackupConfig["repository"],
  environment: string,
  system: SavedSystem,
): string {
  const { endpoint, bucket } = repository;
  const folder = systemFolder(repository, environment, system);
  return `s3:${endpoint.replace(/\/$/, "")}/${bucket}/${folder}`;
}

/**
 * Returns the environment variables that tell restic where the repository and its credentials are. Only files
 * contain secrets.
 */
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
 * Declares the Secret of the bucket in one namespace, unless the company's own is used.
 * @param namespace the namespace of `part` as a plain string.
 * @returns its name.
 */
export function repositorySecret(
  part: Part,
  namespace: string,
  credentials: BackupConfig["credentials"],
): pulumi.Input<string> {
  if ("secret" in credentials) return credentials.secret;
  const { accessKey, secretKey, password } = credentials;
  return secret(part, `${secretName}-${namespace}`, {
    data: { [credentialsFile]: awsCredentials(accessKey, secretKey), password },
    workload: "backup",
  }).name;
}

/** Returns the volume of {@link credentialsFolder}. */
export function credentialsVolume(secretName: pulumi.Input<string>): PodVolume {
  const items = [credentialsFile, "password"].map((key) => ({ key, path: key }));
  return { name: "repository", secret: { secretName, defaultMode: 0o440, items } };
}

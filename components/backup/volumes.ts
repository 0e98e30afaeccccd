import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { PostgresSource, SecretRef } from "./sources";

type Volume = PodVolume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** User of the backups of systems that have no files to read. */
export const nobody = 65_534;

/** Folders of every backup's containers. */
export const folders = {
  /** The server's own volume. */
  source: "/source",
  /** Dumps for the backup. */
  staging: "/staging",
  /** Keys that are needed to read a restored database. */
  keys: "/keys",
  /** Login of the database or the server. */
  login: "/run/secrets/login",
} as const;

/** Returns the mount of a folder in a step, read-only by default. */
export function mount(name: string, mountPath: string, readOnly = true): VolumeMount {
  return { name, mountPath, readOnly };
}

/** Returns the volume of the server. */
export function claimVolume(claimName: string): Volume {
  return { name: "source", persistentVolumeClaim: { claimName } };
}

/** Returns the volume for dumps. */
export function stagingVolume(sizeLimit: string): Volume {
  return { name: "staging", emptyDir: { sizeLimit } };
}

/** Returns the volume with the login of a database as files. */
export function loginVolume({ username, password }: PostgresSource): Volume {
  return secretVolume("login", { username, password });
}

/**
 * Returns the volume with keys in folders named after their Secrets, so that a restore shows where each
 * belongs.
 */
export function keysVolume(keys: SecretRef[]): Volume {
  return secretVolume(
    "keys",
    Object.fromEntries(keys.map((ref) => [`${ref.secret}/${ref.key}`, ref])),
  );
}

/** Returns the paths of the keys' files. */
export function keyFiles(keys: SecretRef[]): string[] {
  return keys.map(({ secret, key }) => `${folders.keys}/${secret}/${key}`);
}

/** Returns a volume with keys of Secrets as files, by the files' names. */
export function secretVolume(name: string, files: Record<string, SecretRef>): Volume {
  const sources = Object.entries(files).map(([path, { secret, key }]) => ({
    secret: { name: secret, items: [{ key, path }] },
  }));
  return { name, projected: { defaultMode: 0o440, sources } };
}

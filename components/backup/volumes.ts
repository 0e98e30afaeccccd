import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { PostgresSource, SecretRef } from "./sources";

type Volume = PodVolume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** User of the backups of systems that have no files of their own to read. */
export const anyone = 65_534;

/** Folders of every backup's containers. */
export const folders = {
  /** The server's own volume. */
  source: "/source",
  /** What was dumped for the backup. */
  staging: "/staging",
  /** Keys without which a restored database cannot be read. */
  keys: "/keys",
  /** Login of the database or the server. */
  login: "/run/secrets/login",
} as const;

/** A folder of a step, which only reads it unless told otherwise. */
export function mount(name: string, mountPath: string, readOnly = true): VolumeMount {
  return { name, mountPath, readOnly };
}

/** The server's own volume. */
export function claimVolume(claimName: string): Volume {
  return { name: "source", persistentVolumeClaim: { claimName } };
}

/** Room for what is dumped. */
export function stagingVolume(sizeLimit: string): Volume {
  return { name: "staging", emptyDir: { sizeLimit } };
}

/** The login of a database as files. */
export function loginVolume({ username, password }: PostgresSource): Volume {
  return secretVolume("login", { username, password });
}

/** Keys by the name of their Secret, so that a restore finds where each belongs. */
export function keysVolume(keys: SecretRef[]): Volume {
  return secretVolume(
    "keys",
    Object.fromEntries(keys.map((ref) => [`${ref.secret}/${ref.key}`, ref])),
  );
}

/** Paths of the keys' files. */
export function keyFiles(keys: SecretRef[]): string[] {
  return keys.map(({ secret, key }) => `${folders.keys}/${secret}/${key}`);
}

/** Keys of Secrets as files, by the files' names. */
export function secretVolume(name: string, files: Record<string, SecretRef>): Volume {
  const sources = Object.entries(files).map(([path, { secret, key }]) => ({
    secret: { name: secret, items: [{ key, path }] },
  }));
  return { name, projected: { defaultMode: 0o440, sources } };
}

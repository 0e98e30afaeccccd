/**
 * What an official image says of itself. A pod that contradicts it does not run: a VOLUME shadows a
 * claim that is mounted above it, a path that the process writes must be writable, and a command
 * needs the shell that it starts with.
 */
export interface ImageFacts {
  /** User and group that the image's process runs as, when the pod names none. */
  user: number;
  group: number;
  entryPoint: readonly string[];
  /** Command that the entry point is started with; none without it. */
  command?: readonly string[];
  workingDirectory?: string;
  /** Environment variables that the image sets and a pod relies on. */
  environment?: Readonly<Record<string, string>>;
  /** Paths of its VOLUME instructions; containerd lays an empty volume over each that has no mount of exactly its path. */
  volumes: readonly string[];
  /** Folders that exist in the image, and matter to a script or a mount. */
  folders?: readonly string[];
  /** Folders that the process writes to while it runs as this platform configures it. */
  writes: readonly string[];
  /** Path of its shell; absent when it has none. */
  shell?: string;
  /** Where these facts stand: the Dockerfile or source at the pinned version. */
  source: string;
}

/**
 * Facts about an official image. A pod that contradicts them does not run: a VOLUME hides a claim that is mounted above
 * it, a path that the process writes must be writable, and a command needs its shell.
 */
export interface ImageFacts {
  /** User and group of the image's process, if the pod sets none. */
  user: number;
  group: number;
  entryPoint: readonly string[];
  /** Default command of the entry point. Default: none. */
  command?: readonly string[];
  workingDirectory?: string;
  /** Environment variables that the image sets and a pod depends on. Default: none. */
  environment?: Readonly<Record<string, string>>;
  /**
   * Paths of its VOLUME instructions; containerd mounts an empty volume on each, unless a mount has exactly the same
   * path.
   */
  volumes: readonly string[];
  /** Existing folders of the image that matter to a script or a mount. Default: none. */
  folders?: readonly string[];
  /** Folders that the process writes to in this platform's configuration. */
  writes: readonly string[];
  /** Path of its shell. Default: the image has none. */
  shell?: string;
  /** Source of these facts: the Dockerfile or source file at the pinned version. */
  source: string;
}

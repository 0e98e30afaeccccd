/**
 * Facts about an official image. A pod that contradicts them does not run: a VOLUME hides a claim that is mounted above
 * it, a path that the process writes must be writable, and a command needs its shell.
 */
export interface ImageFacts {
  /**
   * User and group of the image's process, if the pod sets none. The group is that of the user in the image's
   * /etc/passwd if the image names only a user.
   */
  user: number;
  group: number;
  /** Its entry point, including that of its base image. */
  entryPoint: readonly string[];
  /** Default command of the entry point. Default: none. */
  command?: readonly string[];
  /** Default: /. */
  workingDirectory?: string;
  /** Environment variables that the image sets and a pod depends on. Default: none. */
  environment?: Readonly<Record<string, string>>;
  /**
   * Paths of its VOLUME instructions; containerd mounts an empty volume on each, unless a mount has exactly the same
   * path.
   */
  volumes: readonly string[];
  /** Existing folders of the image that matter to a script or a mount. Default: none. */
  folders?: readonly Folder[];
  /** Folders that the process writes to in this platform's configuration. */
  writes: readonly string[];
  /** Path of its shell. Default: the image has none. */
  shell?: string;
  /** Source of these facts: the Dockerfile or source file at the pinned version. */
  source: string;
}

/** A folder of an image. */
export interface Folder {
  path: string;
  /** Numeric user and group. Default: not known; root in an image that is assembled. */
  owner?: readonly [user: number, group: number];
  /** Default: not known; 755 in an image that is assembled. */
  mode?: number;
}

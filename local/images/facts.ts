import type { PresetName } from "../../versions/app-runtimes";

/** Facts about an image that a pod can observe. */
export interface ImageFacts {
  /** User and group of its process, for example `65534` or `1000:1000`. Default: root. */
  user?: string;
  entrypoint?: string[];
  command?: string[];
  workdir?: string;
  env?: Record<string, string>;
  /** Paths that get an empty volume per container unless the pod mounts one there. Default: none. */
  volumes?: string[];
  /** Whether it has a shell. */
  shell: boolean;
  /** Existing folders and their owners. Default: none. */
  folders?: Folder[];
  /** Source of these facts. */
  source: string;
}

/** A folder of an image. */
export interface Folder {
  path: string;
  /** Numeric user and group. */
  owner: [number, number];
  /** Default: 755. */
  mode?: number;
}

/** An image that is assembled here to replace one that no package registry provides. */
export interface Assembled {
  facts: ImageFacts;
  layers: Layer[];
  /** How it differs from the official one apart from packaging, for the summary. Default: not. */
  differs?: string;
  /** Whether its program is not the official one in any version, but the project's own. Default: false. */
  isStandIn?: boolean;
}

/** A layer: a folder that is built once, and identified by its key. */
export interface Layer {
  /** Identifies everything that determines its content. */
  key: string;
  /** Writes the content into an empty folder. */
  make(folder: string): Promise<void>;
}

/** A worker: an app without requests, which keeps running and fetches its work itself. */
export interface NeededWorker {
  /** Name of the app. */
  name: string;
  /** Program and arguments of its pods. */
  command: readonly string[];
  /** Port of its metrics. Default: none. */
  metricsPort?: number;
}

/** What the image of an app must provide. */
export interface NeededApp {
  preset?: PresetName;
  /** Port of its pods, which an app's own image would know. Default: 8080. */
  port?: number;
  /** Protocol of the port. Default: http. */
  protocol?: "http" | "h2c";
  /** Absolute paths of programs that its pods start, for example to migrate data. */
  programs: readonly string[];
  /** Workers among them. Default: none. */
  workers?: readonly NeededWorker[];
}

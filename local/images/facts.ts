import type { PresetName } from "../../versions/app-runtimes";
import type { ImageFacts } from "../../versions/image-facts";

/**
 * Facts about an assembled image that a pod can observe. What a process writes depends on the platform's configuration,
 * not on its image.
 */
export type AssembledFacts = Omit<ImageFacts, "writes">;

/** An image that is assembled here to replace one that no package registry provides. */
export interface Assembled {
  /** The facts about the official image, except for those that `otherFacts` names. */
  facts: AssembledFacts;
  /** Why a fact is not that of the official image. Default: all are. */
  otherFacts?: Partial<Record<keyof AssembledFacts, string>>;
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

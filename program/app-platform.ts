import type * as pulumi from "@pulumi/pulumi";
import type { AppArgs } from "../components/app";
import type { PlacementRules } from "../components/shared/placement";
import type { PlatformFacts, StackConfig } from "../config";
import type { ForeignPipeline } from "./pipelines";
import type { StackGroups } from "./groups";

/** A stack's config, with what its platform stack says where another stack declares the platform. */
export type AppStack = StackConfig & {
  platform?: PlatformFacts;
  groups?: StackGroups;
  /** Pipelines of the apps of other stacks, where this one declares Jenkins. */
  pipelines?: Record<string, ForeignPipeline>;
};

/**
 * The same once the platform stack was read, or there is none: what looks into the cluster demands
 * it, as the config alone may name other namespaces than those that the platform stack declares.
 */
export type ResolvedStack = Omit<AppStack, "platform"> & { platform: PlatformFacts | undefined };

/** What the parts of the platform provide for every app; another stack may have declared them. */
export interface SharedParts extends Pick<AppArgs, "gateway" | "requestScaling" | "scheme"> {
  /** Each team's namespace, once it exists. */
  namespaces?: Record<string, pulumi.Output<string>>;
  /** Each team's Secret for pulling images. */
  pullSecrets?: Record<string, string>;
  /** Priority classes of the pods. */
  placement?: PlacementRules;
}

/** What is declared for every app, and the context that it is declared in. */
export interface AppPlatform extends SharedParts, Pick<AppArgs, "context"> {}

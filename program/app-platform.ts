import type * as pulumi from "@pulumi/pulumi";
import type { AppArgs } from "../components/app";
import type { PlacementRules } from "../components/shared/placement";
import type { PlatformFacts, StackConfig } from "../config";
import type { ForeignPipeline } from "./pipelines";
import type { StackGroups } from "./groups";

/** A stack's config, with the facts from its platform stack if another stack declares the platform. */
export type AppStack = StackConfig & {
  platform?: PlatformFacts;
  groups?: StackGroups;
  /** Pipelines of the apps of other stacks, if this stack declares Jenkins. */
  pipelines?: Record<string, ForeignPipeline>;
};

/**
 * The same after the platform stack was read, or if there is none. Code that reads the cluster requires it,
 * because the config alone may name other namespaces than those that the platform stack declares.
 */
export type ResolvedStack = Omit<AppStack, "platform"> & { platform: PlatformFacts | undefined };

/** What the platform provides for every app. Another stack may have declared it. */
export interface PlatformDefaults extends Pick<AppArgs, "gateway" | "requestScaling" | "scheme"> {
  /** Namespace of each team, once it exists. */
  namespaces?: Record<string, pulumi.Output<string>>;
  /** Each team's Secret for pulling images. */
  pullSecrets?: Record<string, string>;
  /** Priority classes of the pods. */
  placement?: PlacementRules;
}

/** What is declared for every app, and the context of the declaration. */
export interface AppPlatform extends PlatformDefaults, Pick<AppArgs, "context"> {}

import type * as pulumi from "@pulumi/pulumi";
import type { AppArgs } from "../components/app";
import type { PlatformFacts, StackConfig } from "../config";

/** A stack's config, with what its platform stack says where another stack declares the platform. */
export type AppStack = StackConfig & { platform?: PlatformFacts };

/** What the platform gives to every app. */
export interface AppPlatform extends Pick<
  AppArgs,
  "environment" | "gateway" | "imageMirror" | "placement" | "requestScaling" | "scheme"
> {
  /** Each team's namespace, once it exists. */
  namespaces?: Record<string, pulumi.Output<string>>;
  /** Each team's Secret for pulling images. */
  pullSecrets?: Record<string, string>;
}

/** The parts of {@link AppPlatform} that another stack may have declared. */
export type SharedParts = Pick<
  AppPlatform,
  "gateway" | "namespaces" | "pullSecrets" | "placement" | "requestScaling" | "scheme"
>;

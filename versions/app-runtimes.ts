import { images, type Image } from "./images";
import type { RuntimeKey } from "./runtimes";

/** Names of the app presets. */
export const presetNames = ["java-tomcat", "php-fpm", "node", "python", "static"] as const;

/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** Build tool of an app, which also downloads its packages. */
export type BuildTool = "maven" | "php" | "node" | "python";

/** Image of a build agent. */
export interface BuildImage {
  tool: BuildTool;
  /** The platform's own base image, if the stack has base images. Default: `published` is used. */
  base?: RuntimeKey;
  /** Public image of the same language version. Undefined if there is none. */
  published?: Image;
}

/** Runtime of an app, and the agent for its build: both have the same language version. */
export interface AppRuntime {
  preset: PresetName;
  /** Name of the agent that builds it. Undefined for files without a build. */
  agent?: AgentName;
}

const maven = "maven" as const;

/** Images of all build agents, by agent name. */
export const buildImages = {
  "maven-jdk8": { tool: maven, base: "maven:3.9.16-jdk8", published: images.mavenJdk8 },
  "maven-jdk25": { tool: maven, base: "maven:3.9.16", published: images.maven },
  "php-5.5": { tool: "php", base: "composer:2.2.25-php5.5.9" },
  "php-7.0": { tool: "php", base: "composer:2.2.25-php7.0.16" },
  "php-7.2": { tool: "php", base: "composer:2.2.25-php7.2.11" },
  "php-8.4": { tool: "php", base: "composer:2.8.12-php8.4", published: images.composer },
  // The platform's own images have no compilers, which native packages need.
  "node-24": { tool: "node", published: images.nodeBuild },
  "python-3.13": { tool: "python", published: images.python },
} as const satisfies Record<string, BuildImage>;

/** One of {@link buildImages}. */
export type AgentName = keyof typeof buildImages;

/** Names of the agents that build apps. */
export const agentNames = Object.keys(buildImages) as AgentName[];

/** Runtimes that an app's config can name, by the base image of its Dockerfile. */
export const appRuntimes = {
  "tomcat:9.0.122": { preset: "java-tomcat", agent: "maven-jdk25" },
  "tomcat:9.0.122-jdk8": { preset: "java-tomcat", agent: "maven-jdk8" },
  "php:8.4": { preset: "php-fpm", agent: "php-8.4" },
  "php:7.2.11": { preset: "php-fpm", agent: "php-7.2" },
  "php:7.0.16": { preset: "php-fpm", agent: "php-7.0" },
  "php:5.5.9": { preset: "php-fpm", agent: "php-5.5" },
  "node:24.18.0": { preset: "node", agent: "node-24" },
  "python:3.13": { preset: "python", agent: "python-3.13" },
  "nginx:1.26": { preset: "static" },
  "nginx:1.16.1": { preset: "static" },
} as const satisfies Record<RuntimeKey, AppRuntime>;

/** One of {@link appRuntimes}. */
export type AppRuntimeKey = keyof typeof appRuntimes;

/** Names of the runtimes that an app's config can name. */
export const appRuntimeKeys = Object.keys(appRuntimes) as [AppRuntimeKey, ...AppRuntimeKey[]];

/** Returns the default runtime of a preset: its first in the table. */
export function runtimeOfPreset(preset: PresetName): AppRuntimeKey {
  const found = appRuntimeKeys.find((key) => appRuntimes[key].preset === preset);
  if (found === undefined) throw new Error(`The table of runtimes has none for preset ${preset}.`);
  return found;
}

/** Returns the agent that builds an app with this runtime, and its tool. */
export function buildOf(key: AppRuntimeKey): { agent: AgentName; build: BuildTool } | undefined {
  const { agent }: AppRuntime = appRuntimes[key];
  return agent === undefined ? undefined : { agent, build: buildImages[agent].tool };
}

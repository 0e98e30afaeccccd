import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { quoted } from "../../config/shell";
import { reachable } from "./download";
import { bundleLoader, checkout, launchers } from "./paths";
import { replaceFile } from "./replace-file";
import { run } from "./run";

/** Binaries of plugins, and the folder of the stand-in for each. */
export const plugins = {
  "pulumi-language-nodejs": "language-nodejs",
  "pulumi-resource-kubernetes": "resource-kubernetes",
  "pulumi-resource-random": "resource-random",
  "pulumi-resource-docker": "resource-docker",
} as const;

/** Places to search for official plugins. */
export interface PluginPlaces {
  /** The PATH. */
  path: string;
  /** Folder of the plugins that the engine has installed. */
  installed: string;
}

/** Returns the default places of the current user. */
export function usualPlaces(environment: NodeJS.ProcessEnv = process.env): PluginPlaces {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  return { path: environment.PATH ?? "", installed: join(home, "plugins") };
}

/** npm packages whose plugins the program uses, by plugin name. */
const packages: Record<string, string> = {
  kubernetes: "@pulumi/kubernetes",
  random: "@pulumi/random",
  docker: "@pulumi/docker",
};

/** Whether the official plugin is available: in PATH, or installed by the engine. */
export function isOfficial(binary: string, places: PluginPlaces): boolean {
  return officialPath(binary, places) !== undefined;
}

/** Returns the path of the official plugin that the engine uses; undefined if there is none. */
export function officialPath(
  binary: string,
  { path, installed }: PluginPlaces,
): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== "" && folder !== launchers);
  const onPath = folders.map((folder) => join(folder, binary)).find(executable);
  if (onPath !== undefined) return onPath;
  const name = /^pulumi-resource-(.+)$/.exec(binary)?.[1];
  const source = name === undefined ? undefined : packages[name];
  if (source === undefined) return undefined;
  // The engine requires exactly the package's version of a plugin.
  const folder = join(installed, `resource-${name}-v${versionOf(source)}`);
  const file = join(folder, binary);
  // The engine's marker for an incomplete installation.
  return executable(file) && !existsSync(`${folder}.partial`) ? file : undefined;
}

function versionOf(source: string): string {
  const file = join(checkout, "node_modules", source, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Makes the engine install official plugins whose downloads are reachable. */
export async function installOfficial(
  engine: string,
  places: PluginPlaces = usualPlaces(),
): Promise<void> {
  const missing = Object.entries(packages).filter(
    ([name]) => !isOfficial(`pulumi-resource-${name}`, places),
  );
  if (missing.length === 0 || !(await reachable("https://get.pulumi.com/releases/plugins/")))
    return;
  for (const [name, source] of missing) {
    await run(engine, ["plugin", "install", "resource", name, versionOf(source)]);
  }
}

/**
 * Writes a launcher for each plugin without an official one, and removes the others.
 * @returns the binaries of the stand-ins.
 */
export function ensureLaunchers(
  places: PluginPlaces = usualPlaces(),
  folder: string = launchers,
): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(plugins).flatMap(([binary, source]) => {
    const launcher = join(folder, binary);
    if (isOfficial(binary, places)) {
      rmSync(launcher, { force: true });
      return [];
    }
    const text = launcherText(source);
    const present = executable(launcher) && readFileSync(launcher, "utf8") === text;
    if (!present) replaceFile(launcher, text, 0o755);
    return [binary];
  });
}

/**
 * Returns the flags of Node.js for a plugin, which usually runs for a second or two: little memory for new objects, and
 * no optimized code at first (bin/bundle.cjs). But bcrypt takes fourteen times as long without optimized code.
 */
function nodeFlags(source: string): string[] {
  return ["--max-semi-space-size=2", ...(source === "resource-random" ? [] : ["--no-opt"])];
}

function launcherText(source: string): string {
  const main = join(checkout, "local", "plugins", source, "main.ts");
  const flags = nodeFlags(source).join(" ");
  return `#!/bin/sh\nexec node ${flags} ${quoted(bundleLoader)} ${quoted(main)} "$@"\n`;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

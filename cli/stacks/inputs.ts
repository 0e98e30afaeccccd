import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CiConfig } from "../../config";
import { isMap } from "../../config/is-map";
import { foreignPipelines } from "../../program/pipelines";
import type { StackEntry } from "./discover";

/** The sources of the program: folders with their whole content, and files. */
export const programSources = [
  "components",
  "config",
  "program",
  "releases",
  "cluster",
  "versions",
  "bin",
  "ci",
  "index.ts",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
  "tsconfig.json",
];

/** Returns a hash of the program and of the versions that it runs with. It is the same on every computer. */
export function programHash(folder = "."): string {
  return filesHash(programSources, folder);
}

/**
 * Returns a hash of files and of the content of folders, by path and content.
 * @param paths relative to the folder.
 */
export function filesHash(paths: readonly string[], folder: string): string {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => filesIn(folder, path))) {
    const content = createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
    hash.update(`${content}  ${file}\n`);
  }
  return hash.digest("hex");
}

/**
 * Returns a hash of everything that determines what a stack declares.
 * @param config the stack's own config, by full key.
 * @param program the result of {@link programHash}.
 * @param platform what the stack reads from its platform stack.
 * @param packages checksum of the files of its charts and manifests.
 */
export function inputsHash(
  config: Record<string, unknown>,
  program: string,
  platform: unknown,
  packages?: string,
): string {
  const text = JSON.stringify({ config, program, platform, packages }, sorted);
  return createHash("sha256").update(text).digest("hex");
}

/** Returns a stack's config, including what its Jenkins reads from the files of other stacks. */
export function hashedConfig({ name, config }: StackEntry, project = "."): Record<string, unknown> {
  const components = config["platform:components"];
  const ci = isMap(components) ? components["ci"] : undefined;
  if (!isMap(ci)) return config;
  const targets = isMap(ci["stacks"]) ? (ci["stacks"] as CiConfig["stacks"]) : {};
  return { ...config, pipelines: foreignPipelines(name, targets, project) };
}

/** Returns the paths below a folder in a fixed order, with `/` between their parts. */
function filesIn(folder: string, path: string): string[] {
  const full = join(folder, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((entry) => filesIn(folder, `${path}/${entry}`));
}

/** The order of keys has no meaning, and differs between writers. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

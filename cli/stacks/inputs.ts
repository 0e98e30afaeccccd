import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CiConfig } from "../../config";
import { isMap } from "../../config/is-map";
import { foreignPipelines } from "../../program/pipelines";
import type { StackEntry } from "./discover";

/** What the program is made of: folders with all that they hold, and files. */
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

/** A hash of the program and of the versions that it runs with, the same on every machine. */
export function programHash(folder = "."): string {
  return filesHash(programSources, folder);
}

/** A hash of files and of all that folders hold, by path and content. @param paths from the folder. */
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
 * A hash of everything that decides what a stack asks for.
 * @param config the stack's own, by full key.
 * @param program what {@link programHash} gave.
 * @param platform what the stack reads of its platform stack.
 * @param brought checksum of the files of its charts and manifests.
 */
export function inputsHash(
  config: Record<string, unknown>,
  program: string,
  platform: unknown,
  brought?: string,
): string {
  const text = JSON.stringify({ config, program, platform, brought }, sorted);
  return createHash("sha256").update(text).digest("hex");
}

/** A stack's config, with what its Jenkins takes from the files of other stacks. */
export function hashedConfig({ name, config }: StackEntry, project = "."): Record<string, unknown> {
  const components = config["platform:components"];
  const ci = isMap(components) ? components["ci"] : undefined;
  if (!isMap(ci)) return config;
  const targets = isMap(ci["stacks"]) ? (ci["stacks"] as CiConfig["stacks"]) : {};
  return { ...config, pipelines: foreignPipelines(name, targets, project) };
}

/** Paths below a folder, in an order of their own, with `/` between their parts. */
function filesIn(folder: string, path: string): string[] {
  const full = join(folder, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((entry) => filesIn(folder, `${path}/${entry}`));
}

/** The order of keys says nothing: the engine and people write them as they like. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the program is made of: folders with all that they hold, and files. */
export const programSources = [
  "components",
  "config",
  "program",
  "releases",
  "cluster",
  "versions",
  "ci",
  "index.ts",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
  "tsconfig.json",
  "tsconfig.program.json",
];

/** A hash of the program and of the versions that it runs with, the same on every machine. */
export function programHash(folder = "."): string {
  const hash = createHash("sha256");
  for (const file of programSources.flatMap((source) => filesIn(folder, source))) {
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
 */
export function inputsHash(
  config: Record<string, unknown>,
  program: string,
  platform: unknown,
): string {
  const text = JSON.stringify({ config, program, platform }, sorted);
  return createHash("sha256").update(text).digest("hex");
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

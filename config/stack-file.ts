import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { configIn, readYaml } from "./yaml";

/**
 * Returns the config in a stack file, by full key.
 * @throws Error if the project has no such stack, or if the file cannot be read.
 */
export function stackFileConfig(stack: string, folder = "."): Record<string, unknown> {
  const file = existingStackFile(stack, folder);
  return configIn(file, readYaml(file).document);
}

/**
 * Returns the path of a stack file.
 * @throws Error if the project has no such stack.
 */
export function existingStackFile(stack: string, folder = "."): string {
  const file = stackFile(stack, folder);
  if (!existsSync(file)) throw new Error(noStackText(stack, folder));
  return file;
}

/** Returns the error about the name of a stack that has no file. */
export function noStackText(stack: string, folder = ".", file = stackFile(stack, folder)): string {
  const known = stacks(folder);
  const one = known.length > 1 ? `one of ${known.join(", ")}` : (known[0] ?? "a stack with a file");
  return `stack: expected ${one}, got ${JSON.stringify(stack)}: there is no ${file}`;
}

/** Returns the path of a stack file, which may not exist. */
export function stackFile(stack: string, folder = "."): string {
  return join(folder, `Pulumi.${stack}.yaml`);
}

/** Returns the names of the project's stacks, from their files. */
export function stacks(folder = "."): string[] {
  return readdirSync(folder)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

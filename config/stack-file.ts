import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { configIn, readYaml } from "./yaml";

/**
 * Returns the config in a stack file, by full key.
 * @throws Error if the project has no such stack, or if the file cannot be read.
 */
export function stackFileConfig(stack: string, folder = "."): Record<string, unknown> {
  const file = stackFile(stack, folder);
  if (!existsSync(file)) {
    throw new Error(
      `There is no stack "${stack}": ${file} is missing; there are ${stacks(folder).join(", ")}.`,
    );
  }
  return configIn(file, readYaml(file).document);
}

/** Returns the path of a stack file. */
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

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * The config that stands in a stack's file, by full key.
 * @throws Error when the project has no such stack.
 */
export function stackFileConfig(stack: string, folder = "."): Record<string, unknown> {
  const file = stackFile(stack, folder);
  if (!existsSync(file)) {
    throw new Error(
      `There is no stack "${stack}": ${file} is missing; there are ${stacks(folder).join(", ")}.`,
    );
  }
  const { config } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  return config ?? {};
}

/** Path of a stack's file. */
export function stackFile(stack: string, folder = "."): string {
  return join(folder, `Pulumi.${stack}.yaml`);
}

/** The part of a config that the program reads, by key without the `platform:` in front. */
export function platformValues(config: Record<string, unknown>): Record<string, unknown> {
  const prefix = "platform:";
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** Names of the project's stacks, by their files. */
export function stacks(folder = "."): string[] {
  return readdirSync(folder)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

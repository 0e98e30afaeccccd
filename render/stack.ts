import { existsSync } from "node:fs";
import program from "../index";
import { record, type Recording, type World } from "./record";
import { platformValues } from "../config/yaml";
import { stackFile, stackFileConfig } from "../config/stack-file";

/**
 * Returns what the whole program declares for a stack, without an engine or a cluster. The outputs of its
 * platform stack come from a run of that stack, so its file must exist as well.
 */
export async function recordStack(stack: string, folder = "."): Promise<Recording> {
  const config = stackFileConfig(stack, folder);
  const { platformStack } = platformValues(config);
  if (typeof platformStack !== "string") return record(program, stack, config);
  const platform = platformStack.split("/").at(-1) ?? "";
  if (!existsSync(stackFile(platform, folder))) return record(program, stack, config);
  const { outputs } = await record(program, platform, stackFileConfig(platform, folder));
  return record(program, stack, config, { stackOutputs: { [platformStack]: outputs } });
}

/** Returns what the whole program declares for a config and for values from outside. */
export function recordConfig(
  stack: string,
  config: Record<string, unknown>,
  world: World,
): Promise<Recording> {
  return record(program, stack, config, world);
}

import { stackFile, stacks } from "../../config/stack-file";
import { configIn, readYaml } from "../../config/yaml";

/** A stack as its file describes it. */
export interface StackEntry {
  name: string;
  file: string;
  /** By full key; empty when the file cannot be read. */
  config: Record<string, unknown>;
  /** Why the file cannot be read. */
  error?: string;
}

/** The stacks that have a file in a folder, by name. */
export function discover(folder: string, filter = ""): StackEntry[] {
  return stacks(folder)
    .filter((name) => name.includes(filter))
    .map((name) => {
      const file = stackFile(name, folder);
      try {
        return { name, file, config: configIn(file, readYaml(file).document) };
      } catch (error) {
        // Told as the result of this stack alone: the others have nothing to do with it.
        return {
          name,
          file,
          config: {},
          error: error instanceof Error ? error.message : String(error),
        };
      }
    });
}

/** The stack that declares a stack's platform, with organization and project; nothing for one that does so itself. */
export function platformStackOf({ config }: StackEntry): string | undefined {
  const value = config["platform:platformStack"];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Names of a stack's apps. */
export function appsOf({ config }: StackEntry): string[] {
  const apps = config["platform:apps"];
  return typeof apps === "object" && apps !== null ? Object.keys(apps) : [];
}

/** The stack among others that must be up to date first. */
export function dependencyOf(entry: StackEntry, all: StackEntry[]): StackEntry | undefined {
  const name = platformStackOf(entry)?.split("/").at(-1);
  const found = all.find((other) => other.name === name);
  // A platform stack reads no other one; where a config says so, the program refuses it.
  return found === undefined || platformStackOf(found) !== undefined ? undefined : found;
}

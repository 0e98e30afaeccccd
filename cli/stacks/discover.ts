import { readAppFiles, withAppFiles } from "../../config/app-files";
import { withConfigDirs } from "../../config/config-dir";
import { platformNameOf } from "../../config/groups";
import { reasonOf } from "../../config/reason";
import { stackFile, stacks } from "../../config/stack-file";
import { configIn, readYaml } from "../../config/yaml";

/** A stack according to its file. */
export interface StackEntry {
  name: string;
  file: string;
  /** Config by full key, with the apps of its files; empty if the file cannot be read. */
  config: Record<string, unknown>;
  /** Why the file cannot be read. */
  error?: string;
}

/**
 * Returns the stacks that have a file in a folder, sorted by name.
 * @param project folder to which the paths of app files are relative.
 */
export function discover(folder: string, filter = "", project = "."): StackEntry[] {
  const entries = stacks(folder).map((name): StackEntry => {
    const file = stackFile(name, folder);
    try {
      return { name, file, ...withFiles(configIn(file, readYaml(file).document), project) };
    } catch (error) {
      // Reported as the result of this stack only, because the others are not affected.
      return {
        name,
        file,
        config: {},
        error: reasonOf(error),
      };
    }
  });
  return withoutSharedApps(entries).filter(({ name }) => name.includes(filter));
}

/** Adds an error to stacks of one platform that declare the same app: both would create the same objects. */
function withoutSharedApps(entries: StackEntry[]): StackEntry[] {
  const owners = new Map<string, StackEntry[]>();
  const key = (entry: StackEntry, app: string) =>
    `${platformNameOf(entry.name, platformStackOf(entry))}/${app}`;
  for (const entry of entries)
    for (const app of appsOf(entry))
      owners.set(key(entry, app), [...(owners.get(key(entry, app)) ?? []), entry]);
  return entries.map((entry) => {
    const lines = appsOf(entry).flatMap((app) => {
      const others = (owners.get(key(entry, app)) ?? []).filter((other) => other !== entry);
      if (others.length === 0) return [];
      const names = others.map(({ file }) => file).join(", ");
      return [
        `platform:apps.${app}: expected only one stack of the platform with this app, got several: ${names}; remove it from all but one of them`,
      ];
    });
    const all = [...(entry.error === undefined ? [] : [entry.error]), ...lines];
    return all.length === 0 ? entry : { ...entry, error: all.join("\n") };
  });
}

/** Returns a config with the apps of the files that it names, and the errors in those files. */
function withFiles(
  config: Record<string, unknown>,
  project: string,
): Pick<StackEntry, "config" | "error"> {
  const selection = config["platform:appFiles"];
  if (selection === undefined) return { config };
  const given = { apps: config["platform:apps"] };
  const { values, errors } = withAppFiles(given, readAppFiles(selection, project));
  const { apps } = withConfigDirs(values["apps"], project);
  const lines = errors.map(({ key, message }) => `${key}: ${message}`);
  return {
    config: { ...config, "platform:apps": apps },
    ...(lines.length === 0 ? {} : { error: lines.join("\n") }),
  };
}

/**
 * Returns the stack that declares a stack's platform, with organization and project; undefined if the stack
 * declares it itself.
 */
export function platformStackOf({ config }: StackEntry): string | undefined {
  const value = config["platform:platformStack"];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns the names of a stack's apps. */
export function appsOf({ config }: StackEntry): string[] {
  const apps = config["platform:apps"];
  return typeof apps === "object" && apps !== null ? Object.keys(apps) : [];
}

/** Returns the stack that must be up to date before this one. */
export function dependencyOf(entry: StackEntry, all: StackEntry[]): StackEntry | undefined {
  const name = platformStackOf(entry)?.split("/").at(-1);
  const found = all.find((other) => other.name === name);
  // A platform stack reads no other platform stack; the program refuses such a config.
  return found === undefined || platformStackOf(found) !== undefined ? undefined : found;
}

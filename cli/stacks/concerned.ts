import { selectedFiles } from "../../config/app-files";
import { isMap } from "../../config/is-map";
import { readYaml } from "../../config/yaml";
import { join } from "node:path";
import { packagePaths } from "./package-files";
import { programSources } from "./inputs";
import { platformNameOf, readGroups } from "../../config/groups";
import { appsOf, platformStackOf, type StackEntry } from "./discover";

/**
 * Returns the stacks that a change may concern: those whose own file, app files or config folders it changes;
 * all of them if the program changed.
 * @param changed paths relative to the project's folder. Default: every stack is concerned.
 * @param among the stacks to choose from, of all entries. Default: all of them.
 */
export function concernedBy(
  entries: StackEntry[],
  changed: readonly string[] | undefined,
  project = ".",
  among = entries,
): StackEntry[] {
  if (changed === undefined || changed.some(isProgram)) return among;
  // Jenkins still has the jobs of a deleted stack.
  const isGone = changed.some(
    (file) =>
      /^Pulumi\.[^/]+\.yaml$/.test(file) &&
      !entries.some(({ name }) => file === `Pulumi.${name}.yaml`),
  );
  return among.filter((entry) => {
    if (isGone && hasJenkins(entry)) return true;
    const own = [...ownFiles(entry, project), ...appStacksOf(entry, entries)];
    return changed.some((file) => own.some((each) => file === each || file.startsWith(`${each}/`)));
  });
}

/**
 * Returns the files of the stacks whose apps have their pipelines in a stack's Jenkins: a new app adds a job.
 */
function appStacksOf(entry: StackEntry, entries: StackEntry[]): string[] {
  if (!hasJenkins(entry)) return [];
  const { name } = entry;
  const readers = entries.filter((other) => platformStackOf(other)?.split("/").at(-1) === name);
  return readers.map((other) => `Pulumi.${other.name}.yaml`);
}

function hasJenkins({ config }: StackEntry): boolean {
  const components = config["platform:components"];
  return isMap(components) && components["ci"] !== undefined;
}

function isProgram(file: string): boolean {
  return programSources.some((source) => file === source || file.startsWith(`${source}/`));
}

/** Returns files and folders that declare only one stack. The folder shows that an app was deleted. */
function ownFiles(entry: StackEntry, project: string): string[] {
  const { name, file, config } = entry;
  const selection = config["platform:appFiles"] ?? selectionIn(join(project, file));
  const { origins } = selectedFiles(selection, project);
  const folders = [selection ?? []].flat().filter((text) => typeof text === "string");
  const apps = config["platform:apps"];
  const mounted = Object.values(isMap(apps) ? apps : {}).flatMap((app) =>
    isMap(app) && isMap(app["configDir"]) ? Object.values(app["configDir"]) : [],
  );
  const fixed = folders.map((text) => text.replace(/\/[^/]*\*.*$/, ""));
  const packages = packagePaths({ name, config });
  const platform = platformNameOf(name, platformStackOf(entry));
  const groups = readGroups(platform, project).groups.filter(({ waves }) =>
    waves.flat().some((app) => appsOf(entry).includes(app)),
  );
  const files = groups.map(({ file: group }) => group);
  const all = [
    `Pulumi.${name}.yaml`,
    ...files,
    ...packages,
    ...Object.values(origins),
    ...fixed,
    ...mounted,
  ];
  return all.filter((path): path is string => typeof path === "string");
}

/** Returns the app files that a stack names, even if they have errors. */
function selectionIn(file: string): unknown {
  try {
    const content: unknown = readYaml(file).document.toJS({ maxAliasCount: 100 });
    const config = isMap(content) ? content["config"] : undefined;
    return isMap(config) ? config["platform:appFiles"] : undefined;
  } catch {
    // The stack's own job reports the error in its file.
    return undefined;
  }
}

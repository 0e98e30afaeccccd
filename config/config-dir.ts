import { isUtf8 } from "node:buffer";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { appsFolder } from "./app-files";
import { expected, keyOf, type ConfigError } from "./errors";
import { insideProblem } from "./inside";
import { show } from "./show";
import { isMap } from "./is-map";

/** Maximum number of files in one folder. A ConfigMap of more files would be a mistake. */
const maximumFiles = 200;

/**
 * Returns the apps of a stack with the files of each `configDir` added to their `configFiles`.
 * @param apps as YAML reads them; the schema refuses values that are not mappings.
 */
export function withConfigDirs(
  apps: unknown,
  folder = ".",
): { apps: unknown; errors: ConfigError[] } {
  if (!isMap(apps)) return { apps, errors: [] };
  const errors: ConfigError[] = [];
  const filled = Object.entries(apps).map(([name, app]): [string, unknown] => {
    if (!isMap(app) || !isMap(app["configDir"])) return [name, app];
    const given = app["configFiles"] ?? {};
    if (!isMap(given)) return [name, app];
    const files = Object.entries(app["configDir"]).flatMap(([target, source]) => {
      const key = keyOf("platform:apps", [name, "configDir", target]);
      const read = typeof source === "string" ? filesBelow(source, folder) : [];
      if (typeof read === "string") {
        errors.push({ key, message: expected(read, show(source)) });
        return [];
      }
      return read.map(([path, text]): [string, string] => [`${target}/${path}`, text]);
    });
    for (const [path] of files.filter(([path]) => Object.hasOwn(given, path))) {
      const key = keyOf("platform:apps", [name, "configFiles", path]);
      const message = "expected a file of configDir or one of configFiles, got both";
      errors.push({ key, message });
    }
    return [name, { ...app, configFiles: { ...given, ...Object.fromEntries(files) } }];
  });
  return { apps: Object.fromEntries(filled), errors };
}

/** Returns the texts of the files below a folder, by path, or what the folder is expected to be. */
function filesBelow(source: string, folder: string): [string, string][] | string {
  const parts = source.split("/");
  if (parts[0] !== appsFolder || parts.some((part) => !/^[A-Za-z0-9_][\w.-]*$/.test(part))) {
    return `a folder below ${appsFolder}/`;
  }
  const full = join(folder, source);
  if (!existsSync(full) || !statSync(full).isDirectory()) return "a folder that exists";
  const paths = pathsBelow(folder, source);
  if (typeof paths === "string") return paths;
  if (paths.length === 0) return "a folder with at least one file";
  if (paths.length > maximumFiles) return `a folder of at most ${maximumFiles} files`;
  const texts: [string, string][] = [];
  for (const path of paths) {
    const content = readFileSync(join(folder, path));
    if (!isUtf8(content)) return `text in UTF-8, as ${path} is not,`;
    texts.push([path.slice(source.length + 1), content.toString("utf8")]);
  }
  return texts;
}

function pathsBelow(folder: string, path: string): string[] | string {
  const problem = insideProblem(path, appsFolder, folder);
  if (problem !== undefined)
    return `a folder without links that lead out of ${appsFolder}/, as ${path} is one,`;
  if (!statSync(join(folder, path)).isDirectory()) return [path];
  const all: string[] = [];
  for (const name of readdirSync(join(folder, path)).sort()) {
    const below = pathsBelow(folder, `${path}/${name}`);
    if (typeof below === "string") return below;
    all.push(...below);
    // The links form a loop, or the folder was not meant for this.
    if (all.length > maximumFiles) return all;
  }
  return all;
}

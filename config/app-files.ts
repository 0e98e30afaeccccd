import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { expected, type ConfigError } from "./errors";
import { insideProblem } from "./inside";
import { lookup } from "./lookup";
import { reasonOf } from "./reason";
import { show } from "./show";
import { readYaml } from "./yaml";

/** Folder of the project that contains the files of all apps. */
export const appsFolder = "apps";

/** Folder of the release groups' files, with a subfolder for each platform stack. */
export const groupsFolder = `${appsFolder}/groups`;

const part = /^[A-Za-z0-9*][A-Za-z0-9_.*-]*$/;

/** A folder, a file or a pattern below {@link appsFolder}; `*` matches any text within a name. */
const selector = z
  .string()
  .refine(
    (text) => text.split("/")[0] === appsFolder && text.split("/").every((each) => part.test(each)),
    `a folder, a file or a pattern below ${appsFolder}/, such as ${appsFolder}/prod or ${appsFolder}/prod/shop-*.yaml`,
  )
  .refine(
    (text) => text !== groupsFolder && !text.startsWith(`${groupsFolder}/`),
    `files of apps; ${groupsFolder} has the release groups`,
  );

/** The app files that belong to a stack. */
export const appFiles = z.union([selector, z.array(selector).min(1)], {
  error: `a folder, a file or a pattern below ${appsFolder}/, or a list of them`,
});

/** Apps that files declare, by name. */
export interface AppFiles {
  /** Content of each file, as YAML reads it. */
  apps: Record<string, unknown>;
  /** Path of each app's file. */
  origins: Record<string, string>;
  errors: ConfigError[];
}

const key = "platform:appFiles";

/** Returns the files that a stack names, by app. A file that cannot be an app's file is an error. */
export function selectedFiles(selection: unknown, folder = "."): Omit<AppFiles, "apps"> {
  const origins = new Map<string, string>();
  const errors: ConfigError[] = [];
  const parsed = appFiles.optional().safeParse(selection);
  // The schema of the stack reports what is wrong with the value.
  const selectors = parsed.success ? [parsed.data ?? []].flat() : [];
  for (const text of selectors) {
    const files = filesOf(text, folder);
    if (files.length === 0) {
      errors.push({ key, message: expected("a folder or files that exist", show(text)) });
    }
    for (const file of files) {
      const problem = insideProblem(file, appsFolder, folder);
      const name = /\/([a-z0-9]([a-z0-9-]*[a-z0-9])?)\.yaml$/.exec(file)?.[1];
      const other = name === undefined ? undefined : origins.get(name);
      if (problem !== undefined) errors.push({ key: file, message: problem });
      else if (name === undefined) {
        const message = expected(
          "an app's name and .yaml, such as shop.yaml",
          show(basename(file)),
        );
        errors.push({ key: file, message });
      } else if (other !== undefined && other !== file) {
        const message = `expected one file for an app, got a second one: ${other} already declares ${name}`;
        errors.push({ key: file, message });
      } else origins.set(name, file);
    }
  }
  return { origins: Object.fromEntries(origins), errors };
}

/** Reads the files that a stack names. */
export function readAppFiles(selection: unknown, folder = "."): AppFiles {
  const { origins, errors } = selectedFiles(selection, folder);
  const apps: [string, unknown][] = [];
  for (const [app, file] of Object.entries(origins)) {
    try {
      apps.push([app, readYaml(join(folder, file)).document.toJS({ maxAliasCount: 100 })]);
    } catch (error) {
      const text = reasonOf(error);
      errors.push({ key: file, message: text.replace(`${join(folder, file)} `, "") });
    }
  }
  return { apps: Object.fromEntries(apps), origins, errors };
}

/** Returns a stack's values with the apps of its files added. */
export function withAppFiles(
  values: Record<string, unknown>,
  { apps, origins, errors }: AppFiles,
): { values: Record<string, unknown>; errors: ConfigError[] } {
  if (Object.keys(origins).length === 0) return { values, errors };
  const inline = values["apps"] ?? {};
  if (typeof inline !== "object" || Array.isArray(inline)) return { values, errors };
  const twice = Object.keys(origins)
    .filter((app) => Object.hasOwn(inline, app))
    .map((app) => ({
      key: origins[app] ?? "",
      message: `expected one declaration of an app, got a second one: platform:apps of the stack's file already declares ${app}`,
    }));
  const merged = { ...values, apps: { ...inline, ...apps } };
  return { values: merged, errors: [...errors, ...twice] };
}

/** Returns an error with the file and the key in it, if a file declares the app. */
export function errorInFile(
  { key, message }: ConfigError,
  origins: Record<string, string>,
): ConfigError {
  return {
    key: withFiles(key, origins, (file, rest) => (rest === "" ? file : `${file}: ${rest}`)),
    message: textWithFiles(message, origins),
  };
}

/** Returns a sentence that names files instead of keys of a stack file. */
export function textWithFiles(text: string, origins: Record<string, string>): string {
  return withFiles(text, origins, (file, rest) => (rest === "" ? file : `${rest} of ${file}`));
}

/**
 * Returns a text in which each key of an app that a file declares is replaced by the file and the key in it.
 */
function withFiles(
  text: string,
  origins: Record<string, string>,
  write: (file: string, key: string) => string,
): string {
  return text.replace(appKey, (whole, app: string, rest: string) => {
    const file = lookup(origins, app);
    return file === undefined ? whole : write(file, rest.replace(/^\./, ""));
  });
}

const appKey = /platform:apps\.([\w-]+)((?:\.[\w-]+|\[[^\]]*\])*)/g;

/** Returns the paths that a selector matches, sorted, relative to the project's folder. */
export function filesOf(text: string, folder = "."): string[] {
  let found = [""];
  for (const each of text.split("/")) {
    found = found.flatMap((parent) =>
      namesIn(join(folder, parent), each).map((name) =>
        parent === "" ? name : `${parent}/${name}`,
      ),
    );
  }
  const ofApps = found.filter((path) => !`${path}/`.startsWith(`${groupsFolder}/`));
  return ofApps.flatMap((path) => {
    if (!statSync(join(folder, path)).isDirectory()) return [path];
    // Not recursive: subfolders can contain config files of an app.
    return namesIn(join(folder, path), "*")
      .filter((name) => /\.ya?ml$/.test(name))
      .map((name) => `${path}/${name}`)
      .filter((file) => !statSync(join(folder, file)).isDirectory());
  });
}

function namesIn(folder: string, pattern: string): string[] {
  if (!pattern.includes("*")) return existsSync(join(folder, pattern)) ? [pattern] : [];
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const text = pattern.split("*").map((fixed) => fixed.replace(/[.]/g, "\\."));
  const matching = new RegExp(`^${text.join("[^/]*")}$`);
  return readdirSync(folder)
    .filter((name) => !name.startsWith(".") && matching.test(name))
    .filter((name) => existsSync(join(folder, name)))
    .sort();
}

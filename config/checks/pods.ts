import { presetContainers } from "../app/presets";
import type { Apps } from "./sections";
import { duplicates, expected, keyOf, show, taken, type ConfigError } from "../errors";

type App = Apps[number][1];

/** Folders of a container that the kernel fills. */
const kernelFolders = ["/proc", "/sys", "/dev"];

/** Longest file name, and longest path, that a file system takes. */
const longest = { name: 255, path: 4096 };

/** Characters that stand in front of a file's name in its ConfigMap, whose keys have at most 253. */
const longestFile = 253 - "abcdef-".length;

/** What the API server, or the kubelet, refuses of an app's pods. */
export function podChecks(apps: Apps): ConfigError[] {
  return apps.flatMap(([name, app]) => [
    ...containerNames(name, app),
    ...variables(name, app),
    ...mounts(name, app),
    ...awayAtOnce(name, app),
  ]);
}

function at(app: string, ...path: (string | number)[]): string {
  return keyOf("platform:apps", [app, ...path]);
}

/** The app's own container has its name; some presets add others. */
function containerNames(app: string, { preset, sidecars, initContainers }: App): ConfigError[] {
  const added = presetContainers(preset).map((it): [string, string] => [at(app, "preset"), it]);
  return duplicates(
    [
      [at(app), app],
      ...added,
      ...Object.keys(sidecars).map((it): [string, string] => [at(app, "sidecars", it), it]),
      ...initContainers.map(({ name }, index): [string, string] => [
        at(app, "initContainers", index, "name"),
        name,
      ]),
    ],
    "a container name",
  );
}

function variables(app: string, { env, secretEnv }: App): ConfigError[] {
  return Object.keys(secretEnv)
    .filter((name) => Object.hasOwn(env, name))
    .map((name) => ({
      key: at(app, "secretEnv", name),
      message: taken("a variable", show(name), at(app, "env")),
    }));
}

function mounts(app: string, config: App): ConfigError[] {
  const { configFiles, secretFiles, logDirectories, configDir = {} } = config;
  const files = Object.keys(configFiles).map((path): Mount => [at(app, "configFiles", path), path]);
  const folders = [
    ...Object.keys(secretFiles).map((path): Mount => [at(app, "secretFiles", path), path]),
    ...Object.entries(logDirectories).map(([kind, path]): Mount => {
      return [at(app, "logDirectories", kind), path];
    }),
  ];
  const all = [...files, ...folders];
  return [
    ...duplicates(all, "a path"),
    ...all.flatMap(([key, path]) => unusablePath(key, path)),
    ...Object.keys(configDir).flatMap((path) => unusablePath(at(app, "configDir", path), path)),
    ...files
      .filter(([, path]) => (path.split("/").at(-1)?.length ?? 0) > longestFile)
      .map(([key, path]) => ({
        key,
        message: expected(`a file name of at most ${longestFile} characters`, show(path)),
      })),
    ...inSecrets(all, Object.keys(secretFiles)),
  ];
}

type Mount = [key: string, path: string];

function unusablePath(key: string, path: string): ConfigError[] {
  const got = show(path);
  const kernel = kernelFolders.find((folder) => path === folder || path.startsWith(`${folder}/`));
  if (kernel !== undefined) {
    return [{ key, message: expected(`a path outside of ${kernel}, which the kernel fills`, got) }];
  }
  if (path === "/tmp") {
    const message = expected("another path than /tmp, which is a volume of every pod", got);
    return [{ key, message }];
  }
  const parts = path.split("/");
  if (path.length <= longest.path && parts.every(({ length }) => length <= longest.name)) return [];
  const what = `a path of at most ${longest.path} characters, of at most ${longest.name} between two slashes`;
  return [{ key, message: expected(what, got) }];
}

/** A Secret is mounted read-only, so that nothing can be mounted below it. */
function inSecrets(all: readonly Mount[], folders: readonly string[]): ConfigError[] {
  return all.flatMap(([key, path]) =>
    folders
      .filter((folder) => path.startsWith(`${folder}/`))
      .map((folder) => ({
        key,
        message: expected(`a path outside of ${folder}, where a Secret is mounted`, show(path)),
      })),
  );
}

function awayAtOnce(app: string, { maxUnavailable, scaling }: App): ConfigError[] {
  if (typeof maxUnavailable !== "number" || maxUnavailable <= scaling.max) return [];
  const what = `at most scaling.max, ${scaling.max}`;
  return [{ key: at(app, "maxUnavailable"), message: expected(what, String(maxUnavailable)) }];
}

import { isAutoscaled, isWorker, workerReplicas } from "../app/kinds";
import { presetContainers } from "../app/presets";
import { lookup } from "../lookup";
import type { Apps } from "./sections";
import { duplicates, expected, keyOf, show, taken, type ConfigError } from "../errors";

type App = Apps[number][1];

/** Folders of a container that the kernel fills. */
const kernelFolders = ["/proc", "/sys", "/dev"];

/** Maximum length of a file name, and of a path. */
const longest = { name: 255, path: 4096 };

/** The characters in front of a file's name in its ConfigMap count: a key has at most 253. */
const longestFile = 253 - "abcdef-".length;

/** Checks for settings of an app's pods that the API server or the kubelet would refuse. */
export function podChecks(apps: Apps): ConfigError[] {
  return apps.flatMap(([name, app]) => [
    ...containerNames(name, app),
    ...variables(name, app),
    ...mounts(name, app),
    ...largeMaxUnavailable(name, app),
  ]);
}

function at(app: string, ...path: (string | number)[]): string {
  return keyOf("platform:apps", [app, ...path]);
}

/**
 * Checks the names of containers: the app's own container has the name of the app, and some presets add others.
 */
function containerNames(app: string, config: App): ConfigError[] {
  const { preset, sidecars, initContainers } = config;
  const containers = isWorker(config) ? [] : presetContainers(preset);
  const added = containers.map((it): [string, string] => [at(app, "preset"), it]);
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

/** Variables that every container of an app already has, with their meaning. */
const ownVariables: Record<string, string> = {
  POD_NAME: "which is the pod's own name in every container of an app",
};

function variables(app: string, { env, secretEnv }: App): ConfigError[] {
  const both = Object.keys(secretEnv)
    .filter((name) => Object.hasOwn(env, name))
    .map((name) => ({
      key: at(app, "secretEnv", name),
      message: taken("a variable", show(name), at(app, "env")),
    }));
  const kept = Object.entries({ env, secretEnv }).flatMap(([section, names]) =>
    Object.keys(names).flatMap((name) => {
      const meaning = lookup(ownVariables, name);
      if (meaning === undefined) return [];
      const what = `a variable other than ${name}, ${meaning}`;
      const message = expected(what, show(name), "give it another name");
      return [{ key: at(app, section, name), message }];
    }),
  );
  return [...both, ...kept];
}

/** Returns everything that an app's container mounts: the key in the config, and the path. */
export function mountsOf(app: string, config: App): { files: Mount[]; folders: Mount[] } {
  const { configFiles, secretFiles, logDirectories, volumes } = config;
  return {
    files: Object.keys(configFiles).map((path) => [at(app, "configFiles", path), path]),
    folders: [
      ...Object.keys(secretFiles).map((path): Mount => [at(app, "secretFiles", path), path]),
      ...Object.entries(logDirectories).map(([kind, path]): Mount => {
        return [at(app, "logDirectories", kind), path];
      }),
      ...Object.entries(volumes).map(([volume, { path }]): Mount => {
        return [at(app, "volumes", volume, "path"), path];
      }),
    ],
  };
}

function mounts(app: string, config: App): ConfigError[] {
  const { configFiles, secretFiles, configDir = {} } = config;
  const { files, folders } = mountsOf(app, config);
  const all = [...files, ...folders];
  return [
    ...duplicates(all, "a path"),
    ...all.flatMap(([key, path]) => unusablePath(key, path)),
    ...all.flatMap(([key, path]) => kubeletPath(key, path)),
    ...Object.keys(configDir).flatMap((path) => unusablePath(at(app, "configDir", path), path)),
    ...files
      .filter(([, path]) => (path.split("/").at(-1)?.length ?? 0) > longestFile)
      .map(([key, path]) => ({
        key,
        message: expected(`a file name of at most ${longestFile} characters`, show(path)),
      })),
    ...pathsInSecrets(all, Object.keys(secretFiles)),
    ...pathsBelowFiles(all, Object.keys(configFiles)),
  ];
}

type Mount = [key: string, path: string];

function unusablePath(key: string, path: string): ConfigError[] {
  const got = show(path);
  const kernel = kernelFolders.find((folder) => path === folder || path.startsWith(`${folder}/`));
  if (kernel !== undefined) {
    return [{ key, message: expected(`a path outside ${kernel}, which the kernel fills`, got) }];
  }
  if (path === "/tmp") {
    const message = expected("a path other than /tmp, which is a volume of every pod", got);
    return [{ key, message }];
  }
  const parts = path.split("/");
  if (path.length <= longest.path && parts.every(({ length }) => length <= longest.name)) return [];
  const what = `a path of at most ${longest.path} characters, of at most ${longest.name} between two slashes`;
  return [{ key, message: expected(what, got) }];
}

/** What the kubelet does with a path in every pod, and what to do instead. */
const kubeletPaths: Record<string, [what: string, next: string]> = {
  "/etc/hosts": ["which the kubelet writes", "use hostAliases for its lines"],
  "/etc": ["in which the kubelet mounts /etc/hosts", "name a folder or a file below it"],
};

/** With another mount, a pod has no `hostAliases`, or does not start: the kubelet needs a folder to mount into. */
function kubeletPath(key: string, path: string): ConfigError[] {
  const found = lookup(kubeletPaths, path);
  if (found === undefined) return [];
  const [what, next] = found;
  return [{ key, message: expected(`a path other than ${path}, ${what}`, show(path), next) }];
}

/** A Secret is mounted read-only, so nothing can be mounted below it. */
function pathsInSecrets(all: readonly Mount[], folders: readonly string[]): ConfigError[] {
  return all.flatMap(([key, path]) =>
    folders
      .filter((folder) => path.startsWith(`${folder}/`))
      .map((folder) => ({
        key,
        message: expected(`a path outside ${folder}, where a Secret is mounted`, show(path)),
      })),
  );
}

/** A file has no content below it, so neither a file nor a folder can be mounted there. */
function pathsBelowFiles(all: readonly Mount[], files: readonly string[]): ConfigError[] {
  return all.flatMap(([key, path]) =>
    files
      .filter((file) => path.startsWith(`${file}/`))
      .map((file) => ({
        key,
        message: expected(`a path that is not below ${file}, which is a file`, show(path)),
      })),
  );
}

/** Checks that a number of pods to evict at the same time is not above the number of pods. */
function largeMaxUnavailable(app: string, config: App): ConfigError[] {
  const { maxUnavailable, scaling } = config;
  const [key, maximum] =
    isWorker(config) && !isAutoscaled(config)
      ? ["scaling.replicas", workerReplicas(config)]
      : ["scaling.max", scaling.max];
  if (typeof maxUnavailable !== "number" || maxUnavailable <= maximum) return [];
  const what = `at most ${key}, ${maximum}`;
  return [{ key: at(app, "maxUnavailable"), message: expected(what, String(maxUnavailable)) }];
}

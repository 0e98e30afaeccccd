import { isMap } from "../../config/is-map";
import type { StackEntry } from "./discover";
import { filesHash } from "./inputs";

/**
 * Returns the files and folders, relative to the project's folder, from which the charts and manifests of a
 * stack are rendered.
 */
export function packagePaths({ name, config }: Pick<StackEntry, "name" | "config">): string[] {
  const components = config["platform:components"];
  const entries = ["charts", "manifests"].flatMap((kind) => {
    const all = isMap(components) ? components[kind] : undefined;
    return Object.values(isMap(all) ? all : {}).filter(isMap);
  });
  if (entries.length === 0) return [];
  const paths = entries.flatMap(({ repository, chart, folder, valuesFiles }) => [
    ...(repository === undefined ? [chart] : []),
    folder,
    ...(Array.isArray(valuesFiles) ? (valuesFiles as unknown[]) : []),
  ]);
  return [`rendered/${name}`, ...paths.filter((path) => typeof path === "string")];
}

/** Returns a checksum of these files; undefined for a stack without charts and manifests. */
export function packagesChecksum(
  entry: Pick<StackEntry, "name" | "config">,
  project = ".",
): string | undefined {
  const paths = packagePaths(entry);
  return paths.length === 0 ? undefined : filesHash(paths, project);
}

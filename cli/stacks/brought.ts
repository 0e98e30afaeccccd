import { isMap } from "../../config/is-map";
import type { StackEntry } from "./discover";
import { filesHash } from "./inputs";

/** Files and folders, from the project's folder, that the charts and manifests of a stack are made of. */
export function broughtPaths({ name, config }: Pick<StackEntry, "name" | "config">): string[] {
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

/** A checksum of these files; nothing for a stack that brings none. */
export function broughtChecksum(
  entry: Pick<StackEntry, "name" | "config">,
  project = ".",
): string | undefined {
  const paths = broughtPaths(entry);
  return paths.length === 0 ? undefined : filesHash(paths, project);
}

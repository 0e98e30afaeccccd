import type { ComponentsConfig } from "./components";

/** Returns the namespaces of the parts of a stack that get large uploads through the gateway. */
export function uploadingParts({ registry, artifacts }: ComponentsConfig): string[] {
  return [
    ...(registry === undefined || registry.external !== undefined ? [] : ["registry"]),
    ...(artifacts === undefined ? [] : ["artifacts"]),
  ];
}

import type { ComponentsConfig } from "./components";

/** Namespaces of the parts of a stack that take uploads of gigabytes through the gateway. */
export function uploadingParts({ registry, artifacts }: ComponentsConfig): string[] {
  return [
    ...(registry === undefined || registry.external !== undefined ? [] : ["registry"]),
    ...(artifacts === undefined ? [] : ["artifacts"]),
  ];
}

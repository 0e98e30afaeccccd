import type { RegistryConfig } from "../components/registry";
import { expected, type ConfigError } from "../errors";

/** Checks the storage that several pods of Harbor need to share. */
export function registryChecks(registry: RegistryConfig | undefined): ConfigError[] {
  if (registry === undefined || registry.external !== undefined) return [];
  const { replicas, storage } = registry;
  if (replicas === 1 || storage.type === "s3" || storage.shared) return [];
  return [
    {
      key: "platform:components.registry.replicas",
      message: expected(
        "1 replica with a volume that one node mounts at a time",
        String(replicas),
        "for more, set storage.type to s3, or shared: true for a volume of a shared class",
      ),
    },
  ];
}

import type { RegistryConfig } from "../components/registry";
import type { ConfigError } from "../errors";

/** What several pods of Harbor need to share. */
export function registryChecks(registry: RegistryConfig | undefined): ConfigError[] {
  if (registry === undefined || registry.external !== undefined) return [];
  const { replicas, storage } = registry;
  if (replicas === 1 || storage.type === "s3" || storage.shared) return [];
  return [
    {
      key: "platform:components.registry.replicas",
      message: `${replicas} is given with a volume that one machine mounts at a time, allowed is 1; several need storage of type s3, or a volume with shared: true`,
    },
  ];
}

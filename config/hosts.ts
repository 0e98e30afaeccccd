import type { ArtifactsConfig } from "./components/artifacts";
import type { HarborConfig } from "./components/registry";
import type { StackConfig } from "./stack";

/** Host of Harbor in the cluster. */
export function harborHost({ host }: Pick<HarborConfig, "host">, domain: string): string {
  return host ?? `harbor.${domain}`;
}

/** Host of Nexus. */
export function artifactsHost({ host }: Pick<ArtifactsConfig, "host">, domain: string): string {
  return host ?? `nexus.${domain}`;
}

/** What images are named by that are pushed to the stack's own registry; nothing where it has none. */
export function registryAddress({ components, domain }: StackConfig): string | undefined {
  const { registry } = components;
  if (registry === undefined) return undefined;
  return registry.external === undefined ? harborHost(registry, domain) : registry.external.address;
}

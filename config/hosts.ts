import type { ArtifactsConfig } from "./components/artifacts";
import type { ComponentsConfig } from "./components";
import type { CiConfig } from "./components/ci";
import type { DashboardConfig } from "./components/dashboard";
import { kibanaHost } from "./components/logging";
import { pageHosts } from "./components/monitoring";
import type { HarborConfig } from "./components/registry";
import type { StackConfig } from "./stack";

/** Returns the host of Harbor in the cluster. */
export function harborHost({ host }: Pick<HarborConfig, "host">, domain: string): string {
  return host ?? `harbor.${domain}`;
}

/** Returns the host of Nexus. */
export function artifactsHost({ host }: Pick<ArtifactsConfig, "host">, domain: string): string {
  return host ?? `nexus.${domain}`;
}

/**
 * Returns the registry in the names of images that are pushed to the stack's own registry; undefined if it has
 * none.
 */
export function registryAddress({ components, domain }: StackConfig): string | undefined {
  const { registry } = components;
  if (registry === undefined) return undefined;
  return registry.external === undefined ? harborHost(registry, domain) : registry.external.address;
}

/** Returns the host of Jenkins. */
export function ciHost({ host }: Pick<CiConfig, "host">, domain: string): string {
  return host ?? `ci.${domain}`;
}

/** Returns the host of Headlamp. */
export function dashboardHost({ host }: Pick<DashboardConfig, "host">, domain: string): string {
  return host ?? `dashboard.${domain}`;
}

/**
 * Returns every host name that the platform serves itself: those of its web UIs, each with its part and its config key.
 * A part that runs elsewhere has none.
 */
export function platformHosts(
  components: ComponentsConfig,
  domain: string,
): { part: string; key: string; host: string }[] {
  const { registry, artifacts, ci, dashboard, logging, monitoring } = components;
  const at = (part: string, path: string, host: string) => {
    return { part, key: `platform:components.${part}.${path}`, host };
  };
  const ownHarbor = registry !== undefined && registry.external === undefined;
  return [
    ...(ownHarbor ? [at("registry", "host", harborHost(registry, domain))] : []),
    ...(artifacts ? [at("artifacts", "host", artifactsHost(artifacts, domain))] : []),
    ...(ci && ci.external === undefined ? [at("ci", "host", ciHost(ci, domain))] : []),
    ...(dashboard ? [at("dashboard", "host", dashboardHost(dashboard, domain))] : []),
    ...(logging ? [at("logging", "kibana.host", kibanaHost(logging, domain))] : []),
    ...Object.entries(monitoring ? { ...pageHosts(monitoring, domain) } : {}).map(([page, host]) =>
      at("monitoring", `pages.${page}`, host),
    ),
  ];
}

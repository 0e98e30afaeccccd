import { z } from "zod";
import { hostsOf } from "./app/entrances";
import type { Apps } from "./checks/sections";
import type { Environment } from "./environments";
import { keyOf, show, taken, type ConfigError } from "./errors";
import { platformHosts } from "./hosts";
import { gatewayNodePorts, nodePortOf } from "./node-ports";
import type { StackConfig } from "./stack";

/** How clients reach the platform itself; no app may have the same. By config key of the platform stack. */
export const platformEntrances = z.object({
  /** Host names of the web UIs and of the registries. */
  hosts: z.record(z.string(), z.string().min(1)),
  /** Ports of the gateway on every node. */
  nodePorts: z.record(z.string(), z.int()),
});

/** @see {@link platformEntrances} */
export type PlatformEntrances = z.infer<typeof platformEntrances>;

/** Returns how clients reach the platform that a stack declares. */
export function entrancesOf({
  components,
  domain,
}: Pick<StackConfig, "components" | "domain">): PlatformEntrances {
  return {
    hosts: Object.fromEntries(
      platformHosts(components, domain).map(({ key, host }) => [key, host]),
    ),
    nodePorts: Object.fromEntries(gatewayNodePorts(components)),
  };
}

/**
 * Returns an error for each host and fixed port of an app stack's apps that the platform stack uses itself. Paths make
 * no difference: the gateway would send an app with a longer path the requests for a web UI, with their passwords.
 */
export function takenEntrances(
  apps: Apps,
  environment: Environment,
  { hosts, nodePorts }: PlatformEntrances,
): ConfigError[] {
  const owned = <Value>(map: Record<string, Value>, value: Value): string[] =>
    Object.entries(map)
      .filter(([, theirs]) => theirs === value)
      .map(([key]) => `${key} of the platform stack`);
  return apps.flatMap(([app, config]) => {
    const { number } = config;
    const ofHosts = hostsOf(config).flatMap(({ key, host }) =>
      owned(hosts, host).map((owner) => ({
        key: keyOf("platform:apps", [app, ...key]),
        message: taken("a host name", show(host), owner),
      })),
    );
    if (number === undefined) return ofHosts;
    const port = nodePortOf(environment, number);
    return [
      ...ofHosts,
      ...owned(nodePorts, port).map((owner) => ({
        key: keyOf("platform:apps", [app, "number"]),
        message: taken("a node port", show(port), owner),
      })),
    ];
  });
}

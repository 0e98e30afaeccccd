import type { ComponentsConfig } from "./components";
import type { Environment } from "./environments";

/**
 * Returns the fixed port of an app on every node: 32000 + its number in gray and online, 31000 + its number in
 * dev and test. Gray has the same port as production because it rehearses production, and runs in a separate
 * cluster wherever ports are fixed.
 */
export function nodePortOf(environment: Environment, number: number): number {
  return (environment === "gray" || environment === "online" ? 32_000 : 31_000) + number;
}

/** Returns the ports of the gateway on every node, each with its config key. */
export function gatewayNodePorts({
  gateway,
}: Pick<ComponentsConfig, "gateway">): [key: string, port: number][] {
  const exposure = gateway?.exposure;
  if (exposure?.type !== "NodePort") return [];
  return (["http", "https", "uploads"] as const).flatMap((entry): [string, number][] => {
    const port = exposure[entry];
    return port === undefined ? [] : [[`platform:components.gateway.exposure.${entry}`, port]];
  });
}

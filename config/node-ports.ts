import type { Environment } from "./environments";

/**
 * The fixed port of an app on every node: 32000 + its number in gray and online, 31000 + its number
 * in dev and test. Gray has the port of production, as it is production's own rehearsal and runs in
 * a cluster of its own wherever ports are fixed.
 */
export function nodePortOf(environment: Environment, number: number): number {
  return (environment === "gray" || environment === "online" ? 32_000 : 31_000) + number;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/paths";
import type { PreparedImages } from "../images";
import type { AppFacts } from "./summary";
import { partRows } from "./table";

/** Timeout for pods that Pulumi does not wait for, milliseconds. */
const timeoutMs = 60_000;

/** Waits until every running pod is ready, at most a minute; the table then shows the current state. */
export async function waitUntilSettled(
  cluster: Cluster,
  standIns: readonly string[],
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const rows = await partRows(cluster, standIns);
    if (rows.every(({ runs, ready }) => runs === ready)) return;
    await sleep(1000);
  }
}

/** Returns the URLs of apps by namespace. */
export function addresses(
  apps: Readonly<Record<string, Pick<AppFacts, "namespace" | "url">>>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { namespace, url } of Object.values(apps)) {
    if (url === undefined) continue;
    found[namespace] = [found[namespace], url].filter(Boolean).join(" ");
  }
  return found;
}

/** Returns the differences from a real environment, with their reasons. */
export function differences({ missing, differs, standIns }: PreparedImages): string {
  const list = (entries: [string, string][]) => entries.map(([name, why]) => `  ${name}: ${why}`);
  const isStandIn = ([name]: [string, string]) => standIns.includes(name);
  const differing = Object.entries(differs);
  return [
    "Simulated, because their images cannot be assembled here:",
    ...list(Object.entries(missing)),
    "Runs, but differs from the official image:",
    ...list(differing.filter((it) => !isStandIn(it))),
    "Has a stand-in, which is not the official program in any version:",
    ...list(differing.filter(isStandIn)),
  ].join("\n");
}

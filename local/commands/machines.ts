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
  const own = (kind: boolean) =>
    Object.fromEntries(
      Object.entries(differs).filter(([name]) => standIns.includes(name) === kind),
    );
  const list = (entries: Record<string, string>) =>
    Object.entries(entries).map(([name, why]) => `  ${name}: ${why}`);
  return [
    "Simulated, because their images cannot be assembled here:",
    ...list(missing),
    "Runs, but differs from the official image:",
    ...list(own(false)),
    "Has a stand-in, which is not the official program in any version:",
    ...list(own(true)),
  ].join("\n");
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/paths";
import type { PreparedImages } from "../images";
import { partRows } from "./table";

/** Timeout for pods that Pulumi does not wait for, milliseconds. */
const timeoutMs = 60_000;

/** Waits until every running pod is ready, at most a minute; the table then shows the current state. */
export async function waitUntilSettled(cluster: Cluster): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const rows = await partRows(cluster);
    if (rows.every(({ runs, ready }) => runs === ready)) return;
    await sleep(1000);
  }
}

/** Returns one URL per part; that of an app is under its namespace. */
export function addresses(
  apps: Record<string, { url: string; namespace: string }>,
): Record<string, string> {
  const entries = Object.values(apps).map(({ namespace, url }) => [namespace, url]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Returns the differences from a real environment, with their reasons. */
export function differences({ missing, differs }: PreparedImages): string {
  const list = (entries: Record<string, string>) =>
    Object.entries(entries).map(([name, why]) => `  ${name}: ${why}`);
  return [
    "Simulated, because their images cannot be assembled here:",
    ...list(missing),
    "Runs, but differs from the official image:",
    ...list(differs),
  ].join("\n");
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/paths";
import type { PreparedImages } from "../images";
import { partRows } from "./table";

/** Longest wait for pods that Pulumi does not wait for, milliseconds. */
const patience = 60_000;

/** Waits until every pod that runs is ready, or for a minute: the table shows what is so then. */
export async function settled(cluster: Cluster): Promise<void> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const rows = await partRows(cluster);
    if (rows.every(({ runs, ready }) => runs === ready)) return;
    await sleep(1000);
  }
}

/** An address by part: of the apps, by their namespace. */
export function addresses(
  apps: Record<string, { url: string; namespace: string }>,
): Record<string, string> {
  const entries = Object.values(apps).map(({ namespace, url }) => [namespace, url]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** What is not as it would be elsewhere, and why. */
export function differences({ missing, differs }: PreparedImages): string {
  const list = (entries: Record<string, string>) =>
    Object.entries(entries).map(([name, why]) => `  ${name}: ${why}`);
  return [
    "Simulated, as their images cannot be put together here:",
    ...list(missing),
    "Runs, but differs from the official image:",
    ...list(differs),
  ].join("\n");
}

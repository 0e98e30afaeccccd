import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../../../local/cluster";
import { runInSystem } from "../../../local/machines/system";

/** What is left of a cluster's real machines on this machine, in words. */
export async function leftovers(cluster: Cluster, bridge: string): Promise<string[]> {
  return [
    ...processesOf(cluster).map((it) => `process ${it}`),
    ...lines(readFileSync("/proc/mounts", "utf8"))
      .filter((line) => line.includes(cluster.folder))
      .map((it) => `mount ${it}`),
    ...readdirSync("/sys/class/net")
      .filter((name) => name === bridge || name.startsWith(`${bridge}-`))
      .map((it) => `interface ${it}`),
    ...cgroups(bridge).map((it) => `control group ${it}`),
    ...lines(await runInSystem("nft", ["list", "tables"]))
      .filter((line) => line === `table ip ${bridge}`)
      .map((it) => `rules ${it}`),
    ...lines(await runInSystem("ip", ["route"]))
      .filter((line) => line.includes(`dev ${bridge}`))
      .map((it) => `route ${it}`),
    ...(existsSync(cluster.folder) ? [`folder ${cluster.folder}`] : []),
  ];
}

/** Processes that were started for a cluster: their command lines name its folder. */
export function processesOf({ folder }: Cluster): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return line.includes(folder) ? [`${pid} ${line.slice(0, 120)}`] : [];
      } catch {
        // Ended in the meantime.
        return [];
      }
    });
}

function cgroups(bridge: string): string[] {
  return ["", ...readdirSync("/sys/fs/cgroup")]
    .map((controller) => join("/sys/fs/cgroup", controller, "kubernetes-platform", bridge))
    .filter((folder) => existsSync(folder));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

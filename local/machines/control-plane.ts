import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pidFolder, simulatorPid, type Cluster } from "../cluster/paths";
import { isRunning } from "../cluster/process";
import { cgroupOf, joinCgroup, leaveCgroup } from "./cgroups";
import { presentNetwork, type Network } from "./network";
import { placesOf } from "./places";

/**
 * Gives a cluster's control plane, together with this process and what it starts, the same CPU weight as one
 * of its real nodes. Otherwise, the pods of a node leave the API server so little CPU time that they fail to
 * start.
 */
export function shareWithNodes(cluster: Cluster): void {
  const network = presentNetwork(cluster);
  if (network === undefined) return;
  const folder = pidFolder(cluster);
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const files = [...parts, simulatorPid(cluster), placesOf(cluster).agentPid].filter(isRunning);
  const pids = files.map((file) => Number(readFileSync(file, "utf8")));
  joinCgroup(groupOf(network), [process.pid, ...pids]);
}

/** Reverts {@link shareWithNodes}. */
export function stopSharing(network: Network): void {
  leaveCgroup(groupOf(network));
}

function groupOf({ bridge }: Network): string {
  return cgroupOf(bridge, "control-plane");
}

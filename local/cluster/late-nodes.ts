import { existsSync } from "node:fs";
import { presentNetwork } from "../machines/network";
import { dataFolder, type Cluster } from "./paths";

/** Whether a cluster exists that was created without real nodes: its API server cannot reach any. */
export function hasNoRealNodes(cluster: Cluster): boolean {
  return existsSync(dataFolder(cluster)) && presentNetwork(cluster) === undefined;
}

/**
 * Refuses real nodes for a cluster that was created without any.
 * @throws Error if the cluster cannot get real nodes.
 */
export function refuseLateNodes(cluster: Cluster): void {
  if (!hasNoRealNodes(cluster)) return;
  throw new Error(
    `Cluster "${cluster.name}" was created without real nodes, and its API server cannot reach any. ` +
      "Stop it and start again: npx platform local down, or npx platform local cluster stop --name <name>",
  );
}

import type { Cluster } from "../cluster/paths";
import { hasNoRealNodes, refuseLateNodes } from "../cluster/late-nodes";
import { machineNodes } from "../machines";
import { maxNodes, presentNetwork } from "../machines/network";
import { whyNoMachines } from "../machines/available";

/** Number of real nodes of a start. */
export interface MachineCount {
  count: number;
  /** Why there are no real nodes; undefined if there are. */
  reason?: string;
}

/**
 * Decides how many real nodes a cluster has.
 * @param wanted value of `--machines`. Default: the number that the cluster has; for a new cluster, 1 if this
 * computer permits real nodes, otherwise 0.
 * @throws Error if the value is not a number from 0 to 3, or if the cluster cannot have that many.
 */
export async function machineCount(
  cluster: Cluster,
  wanted: string | undefined,
): Promise<MachineCount> {
  if (wanted !== undefined && !/^[0-3]$/.test(wanted))
    throw new Error(`--machines: expected a number from 0 to ${maxNodes}, got ${wanted}`);
  const real = presentNetwork(cluster) !== undefined;
  if (wanted === "0") {
    if (!real) return { count: 0, reason: "--machines is 0" };
    throw new Error(
      `--machines: expected 1 or more, as cluster "${cluster.name}" has real nodes with pods on them, got 0; ` +
        "to simulate every pod, run npx platform local down first",
    );
  }
  const reason = await whyNoMachines();
  if (reason !== undefined) {
    if (!real) return { count: 0, reason };
    throw new Error(`Cluster "${cluster.name}" has real nodes, and they cannot start: ${reason}`);
  }
  if (wanted !== undefined) {
    refuseLateNodes(cluster);
    return { count: Number(wanted) };
  }
  if (hasNoRealNodes(cluster)) {
    const again = "run npx platform local down, then npm run local";
    const reason = `cluster "${cluster.name}" was created without real nodes; to have one, ${again}`;
    return { count: 0, reason };
  }
  return { count: Math.max(1, machineNodes(cluster).length) };
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Cluster } from "../../../local/cluster";
import { cgroupOf, processesIn } from "../../../local/machines/cgroups";
import { presentNetwork } from "../../../local/machines/network";

/** Returns the processes of a node that run a program. */
export function processesNamed(cluster: Cluster, node: string, name: string): number[] {
  const network = presentNetwork(cluster);
  assert.ok(network);
  return processesIn(cgroupOf(network.bridge, node)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name;
    } catch {
      // Ended in the meantime.
      return false;
    }
  });
}

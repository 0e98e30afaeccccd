import { balancerFiles } from "./balancer";
import { firewallFile } from "./firewall";
import { kubeadmFiles } from "./kubeadm";
import { kubeletPatch } from "./kubelet";
import type { PlanFile } from "./plan-file";
import { policyFiles } from "./policies";
import type { Cluster } from "./read";
import { readme } from "./readme";
import { runtimeFiles } from "./runtime";
import type { Machine } from "./schema/machines";
import { machineScript } from "./script";
import { systemFiles } from "./system-files";

export { InvalidCluster, parseCluster, readCluster, type Cluster } from "./read";

/** A file of a plan. */
export interface WrittenFile {
  /** Path relative to the plan's folder. */
  path: string;
  text: string;
  /** Whether it is executable. */
  executable?: boolean;
}

/**
 * Returns all files of a plan: a folder with files and a script for each machine, and a README with the order.
 * They contain no secrets: keys and tokens are generated on the machines.
 */
export function planOf(cluster: Cluster): WrittenFile[] {
  const machines = Object.entries(cluster.machines).flatMap(([name, machine]) => {
    const files = filesOf(cluster, name, machine);
    return [
      ...files.map(({ path, text }) => ({ path: `${name}/files${path}`, text })),
      {
        path: `${name}/machine.sh`,
        text: machineScript(cluster, name, machine, files),
        executable: true,
      },
    ];
  });
  return [{ path: "README.md", text: readme(cluster) }, ...machines];
}

/** Returns the files of a machine, sorted by path. */
export function filesOf(cluster: Cluster, name: string, machine: Machine): PlanFile[] {
  const all = [
    ...systemFiles(cluster, machine),
    firewallFile(cluster, machine),
    ...runtimeFiles(cluster, machine),
    ...kubeadmFiles(cluster, name, machine),
    kubeletPatch(cluster, machine),
    ...(machine.role === "control-plane"
      ? [...policyFiles(cluster), ...balancerFiles(cluster, name, machine)]
      : []),
  ];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

import { join } from "node:path";
import { localFolder } from "../toolchain/paths";

/** Location and kubeconfig of a local cluster. */
export interface Cluster {
  name: string;
  kubeconfig: string;
  context: string;
  /** Folder of its data and logs. */
  folder: string;
}

/** Returns the location of a cluster, whether it runs or not. */
export function clusterAt(name = process.env.PLATFORM_CLUSTER ?? "platform"): Cluster {
  const folder = join(localFolder, "clusters", name);
  const isDefault = name === "platform";
  return {
    name,
    folder,
    kubeconfig: isDefault ? join(localFolder, "kubeconfig") : join(folder, "kubeconfig"),
    context: `kwok-${name}`,
  };
}

/** Where kwokctl keeps a cluster's binaries, certificates and logs. */
export function dataFolder({ folder, name }: Cluster): string {
  return join(folder, "clusters", name);
}

/** Where kwokctl keeps the PID files of a cluster's control plane. */
export function pidFolder(cluster: Cluster): string {
  return join(dataFolder(cluster), "pids");
}

/** PID file of a part of a cluster's control plane, such as `kube-apiserver`. */
export function partPid(cluster: Cluster, part: string): string {
  return join(pidFolder(cluster), `${part}.pid`);
}

/** PID file of the process that simulates the drivers of a real cluster. */
export function simulatorPid({ folder }: Cluster): string {
  return join(folder, "simulator.pid");
}

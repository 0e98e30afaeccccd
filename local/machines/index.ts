import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/paths";
import { isRunning, startProcess, stopProcess } from "../cluster/process";
import type { ImageIndex } from "../images/registry";
import { binary } from "../toolchain/install";
import { replaceFile } from "../toolchain/replace-file";
import { agentFiles } from "./agent/files";
import { Kubeconfigs } from "./certificates";
import { shareWithNodes, stopSharing } from "./control-plane";
import { dnsObjects } from "./dns";
import {
  claimNetwork,
  forwardPorts,
  maxNodes,
  nodeAddresses,
  presentNetwork,
  releaseNetwork,
  type Network,
} from "./network";
import { endOf, nodeName, nodeRuns, startNode, stopNode } from "./node";
import { nodePlaces, timeout, placesOf } from "./places";
import { placementPolicies, type Waiting } from "./placement";
import { mirrorPort, serverPort } from "./ports";
import { serverEndpoints } from "./server";
import { runWithInput } from "./system";

/** Options of the real nodes of a cluster. */
export interface MachineOptions {
  /** Number of nodes, at most three. */
  count: number;
  /** Images that they can run. */
  images: ImageIndex;
  /** Pods that are simulated even though their images are available. Default: none. */
  waiting?: readonly Waiting[];
}

/** Starts the nodes of a cluster that do not run yet; its API server must respond. */
export async function startMachines(cluster: Cluster, options: MachineOptions): Promise<void> {
  const { count } = options;
  if (count > maxNodes) throw new Error(`machines: expected at most ${maxNodes}, got ${count}`);
  const network = await claimNetwork(cluster);
  const { folder } = placesOf(cluster);
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, agentFiles.images), JSON.stringify(options.images));
  await forwardPorts(network, {
    [serverPort]: apiPort(cluster),
    [mirrorPort]: await startAgent(cluster, network),
  });
  shareWithNodes(cluster);
  await apply(cluster, serverEndpoints(network));
  await apply(cluster, placementPolicies(options.images, options.waiting ?? []));
  const kubeconfigs = new Kubeconfigs(cluster, network);
  for (let index = 0; index < count; index++) {
    await startNode(cluster, network, index, kubeconfigs);
  }
  for (let index = 0; index < count; index++) await waitUntilReady(cluster, index);
  // Before, the scheduler would put both of its pods on the node that is ready first.
  await apply(cluster, dnsObjects(count));
}

/** Stops the nodes of a cluster, and deletes their files. */
export async function stopMachines(cluster: Cluster): Promise<void> {
  const network = presentNetwork(cluster);
  if (network !== undefined) {
    for (let index = 0; index < maxNodes; index++) await stopNode(cluster, network, index);
    stopSharing(network);
  }
  await stopProcess(placesOf(cluster).agentPid);
  await releaseNetwork(cluster);
  rmSync(placesOf(cluster).folder, { recursive: true, force: true });
}

/** Returns the indices of a cluster's real nodes, whether they run or not. */
export function machineNodes(cluster: Cluster): number[] {
  return Array.from({ length: maxNodes }, (_, index) => index).filter((index) =>
    existsSync(nodePlaces(cluster, nodeName(index)).folder),
  );
}

/** Returns whether each node runs; empty if the cluster has no real nodes. */
export function machineStatus(cluster: Cluster): Record<string, boolean> {
  const network = presentNetwork(cluster);
  if (network === undefined) return {};
  const nodes = machineNodes(cluster).map((index): [string, boolean] => [
    nodeName(index),
    nodeRuns(network, index),
  ]);
  return Object.fromEntries([["agent", isRunning(placesOf(cluster).agentPid)], ...nodes]);
}

async function startAgent(cluster: Cluster, network: Network): Promise<number> {
  const { folder, agentPid, agentLog } = placesOf(cluster);
  const file = join(folder, agentFiles.port);
  if (!isRunning(agentPid)) {
    rmSync(file, { force: true });
    startProcess(agentPid, agentLog, [
      join(__dirname, "agent", "main.ts"),
      folder,
      cluster.kubeconfig,
      nodeAddresses(network, 0).node,
    ]);
  }
  const end = Date.now() + timeout;
  while (!existsSync(file)) {
    if (Date.now() > end || !isRunning(agentPid)) {
      throw new Error(`The agent of the real nodes did not start: ${endOf(agentLog)}`);
    }
    await sleep(50);
  }
  return Number(readFileSync(file, "utf8"));
}

/** Returns the port of a cluster's API server on loopback. */
function apiPort({ kubeconfig }: Cluster): number {
  const [, port] = /server: https:\/\/[^:]+:(\d+)/.exec(readFileSync(kubeconfig, "utf8")) ?? [];
  return Number(port);
}

/** Applies objects. */
export async function apply({ kubeconfig }: Cluster, objects: object[]): Promise<void> {
  await runWithInput(
    binary("kubectl"),
    ["--kubeconfig", kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", "-"],
    JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
  );
}

async function waitUntilReady(cluster: Cluster, index: number): Promise<void> {
  const name = nodeName(index);
  const end = Date.now() + timeout * 2;
  const query = `{.status.conditions[?(@.type=="Ready")].status}`;
  for (;;) {
    const args = [
      "--kubeconfig",
      cluster.kubeconfig,
      "get",
      "node",
      name,
      "-o",
      `jsonpath=${query}`,
    ];
    const status = await runWithInput(binary("kubectl"), args, "").catch(() => "");
    if (status === "True") return;
    if (Date.now() > end) {
      const places = nodePlaces(cluster, name);
      const logs = [
        places.log,
        ...["containerd", "kubelet"].map((it) => join(places.var, "log", `${it}.log`)),
      ];
      const texts = logs.map((log) => `The end of ${log}:\n${endOf(log)}`);
      throw new Error(
        `${name} was not ready within ${(timeout * 2) / 1000} s. ${texts.join("\n")}`,
      );
    }
    await sleep(300);
  }
}

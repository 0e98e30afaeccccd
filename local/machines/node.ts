import {
  openSync,
  closeSync,
  mkdirSync,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/paths";
import { binary } from "../toolchain/install";
import type { Kubeconfigs } from "./certificates";
import { cgroupOf, makeCgroups, processesIn, removeCgroups } from "./cgroups";
import { inNamespaces } from "./namespaces";
import { maxNodes, nodeAddresses, type Network } from "./network";
import { nodePlaces, timeout, placesOf } from "./places";
import { settings } from "./settings";
import { runInSystem, systemRoot } from "./system";

/** Programs of the toolchain that run on a node. */
const programs = [
  "containerd",
  "containerd-shim-runc-v2",
  "ctr",
  "kubelet",
  "kube-proxy",
  "kubectl",
];

/** Zones of the nodes, in turn; the simulated nodes have the same. */
const zones = ["zone-a", "zone-b"];

export function nodeName(index: number): string {
  return `machine-${index}`;
}

/** Whether any process of a node runs. */
export function nodeRuns(network: Network, index: number): boolean {
  return processesIn(cgroupOf(network.bridge, nodeName(index))).length > 0;
}

/** Starts a node unless it runs. Its disk is kept, as after a reboot. What a killed start left is stopped first. */
export async function startNode(
  cluster: Cluster,
  network: Network,
  index: number,
  kubeconfigs: Kubeconfigs,
): Promise<void> {
  const name = nodeName(index);
  const places = nodePlaces(cluster, name);
  if (nodeRuns(network, index) && existsSync(places.pid)) return;
  const cgroup = cgroupOf(network.bridge, name);
  const addresses = nodeAddresses(network, index);
  await stopNode(cluster, network, index);
  const { volumes } = placesOf(cluster);
  for (const folder of [places.var, places.data, places.root, places.etc, volumes]) {
    mkdirSync(folder, { recursive: true });
  }
  const files = settings(
    network,
    { pods: addresses.pods, zone: zones[index % zones.length] ?? "" },
    cgroup,
    {
      kubelet: await kubeconfigs.user(`system:node:${name}`, ["system:nodes"]),
      proxy: await kubeconfigs.user("system:kube-proxy"),
      authority: kubeconfigs.authority,
    },
  );
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(places.etc, path)), { recursive: true });
    writeFileSync(join(places.etc, path), text, { mode: 0o600 });
  }
  makeCgroups(cgroup);
  const pid = await launch(cluster, network, index, cgroup);
  await connectToBridge(network, index, pid);
  // Only written now, so that a start that was killed earlier is not mistaken for a complete one.
  writeFileSync(places.pid, String(pid));
}

/** Starts a node's first process, and returns its process ID. */
async function launch(
  cluster: Cluster,
  network: Network,
  index: number,
  cgroup: string,
): Promise<number> {
  const places = nodePlaces(cluster, nodeName(index));
  const routes = Array.from({ length: maxNodes }, (_, other) => nodeAddresses(network, other))
    .filter((_, other) => other !== index)
    .flatMap(({ node, pods }) => [pods, node]);
  const { folder: system } = await systemRoot();
  const log = openSync(places.log, "a");
  const child = spawn(
    "sh",
    inNamespaces(cgroup, [
      ...["bash", join(__dirname, "node.sh"), system, places.folder, placesOf(cluster).volumes],
      programs.map((name) => binary(name)).join(":"),
      ...[nodeName(index), nodeAddresses(network, index).node, network.gateway, ...routes],
    ]),
    { detached: true, stdio: ["ignore", log, log], env: { PATH: process.env.PATH } },
  );
  closeSync(log);
  child.unref();
  return waitForFirstProcess(child.pid ?? 0, places.log);
}

/** Returns the process that unshare started in the new namespaces. */
async function waitForFirstProcess(parent: number, log: string): Promise<number> {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const file = `/proc/${parent}/task/${parent}/children`;
    if (!existsSync(file)) break;
    const [child] = readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number);
    if (child !== undefined) return child;
    await sleep(20);
  }
  throw new Error(`The node did not start: ${endOf(log)}`);
}

/** Connects the node to the bridge, and routes its pods' addresses to it. */
async function connectToBridge(network: Network, index: number, pid: number): Promise<void> {
  const veth = `${network.bridge}-${index}`;
  const { node, pods } = nodeAddresses(network, index);
  await removeVeth(veth);
  await runInSystem("ip", [
    ...["link", "add", veth, "type", "veth"],
    ...["peer", "name", "eth0", "netns", String(pid)],
  ]);
  await runInSystem("ip", ["link", "set", veth, "master", network.bridge, "up"]);
  await runInSystem("ip", ["route", "replace", pods, "via", node]);
}

/** The interface of a stopped node disappears with its network namespace, after a moment. */
async function removeVeth(veth: string): Promise<void> {
  if (!existsSync(`/sys/class/net/${veth}`)) return;
  await runInSystem("ip", ["link", "delete", veth]).catch((error: unknown) => {
    if (existsSync(`/sys/class/net/${veth}`)) throw error;
  });
}

/** Stops a node and everything on it immediately. */
export async function stopNode(cluster: Cluster, network: Network, index: number): Promise<void> {
  await removeCgroups(cgroupOf(network.bridge, nodeName(index)), timeout);
  await removeVeth(`${network.bridge}-${index}`);
  rmSync(nodePlaces(cluster, nodeName(index)).pid, { force: true });
}

/** Returns the last lines of a log. */
export function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n") : "";
}

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
import { cgroupOf, makeCgroups, processesIn, processFiles, removeCgroups } from "./cgroups";
import { mostNodes, nodeAddresses, type Network } from "./network";
import { nodePlaces, patience, placesOf } from "./places";
import { settings } from "./settings";
import { inSystem, systemRoot } from "./system";

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

/** Whether a node's first process runs. */
export function nodeRuns(network: Network, index: number): boolean {
  return processesIn(cgroupOf(network.bridge, nodeName(index))).length > 0;
}

/** Starts a node unless it runs. Its disk is kept, as after a reboot. */
export async function startNode(
  cluster: Cluster,
  network: Network,
  index: number,
  kubeconfigs: Kubeconfigs,
): Promise<void> {
  if (nodeRuns(network, index)) return;
  const name = nodeName(index);
  const places = nodePlaces(cluster, name);
  const cgroup = cgroupOf(network.bridge, name);
  const addresses = nodeAddresses(network, index);
  await removeCgroups(cgroup, patience);
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
  await launch(cluster, network, index, cgroup);
  await plugIn(cluster, network, index);
}

async function launch(
  cluster: Cluster,
  network: Network,
  index: number,
  cgroup: string,
): Promise<void> {
  const places = nodePlaces(cluster, nodeName(index));
  const routes = Array.from({ length: mostNodes }, (_, other) => nodeAddresses(network, other))
    .filter((_, other) => other !== index)
    .flatMap(({ node, pods }) => [pods, node]);
  const { folder: system } = await systemRoot();
  // The process joins the node's control group before it starts anything.
  const joins = processFiles(cgroup).map((file) => `echo $$ > ${file}`);
  const log = openSync(places.log, "a");
  const child = spawn(
    "sh",
    [
      "-c",
      `${joins.join(" && ")} && exec unshare --mount --pid --net --uts --ipc --fork --kill-child "$@"`,
      "machine",
      ...["bash", join(__dirname, "node.sh"), system, places.folder, placesOf(cluster).volumes],
      programs.map((name) => binary(name)).join(":"),
      ...[nodeName(index), nodeAddresses(network, index).node, network.gateway, ...routes],
    ],
    { detached: true, stdio: ["ignore", log, log], env: { PATH: process.env.PATH } },
  );
  closeSync(log);
  child.unref();
  const pid = await firstProcess(child.pid ?? 0, places.log);
  writeFileSync(places.pid, String(pid));
}

/** Returns the process that unshare started in the new namespaces. */
async function firstProcess(parent: number, log: string): Promise<number> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const file = `/proc/${parent}/task/${parent}/children`;
    if (!existsSync(file)) break;
    const [child] = readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number);
    if (child !== undefined) return child;
    await sleep(20);
  }
  throw new Error(`The machine did not start: ${endOf(log)}`);
}

/** Connects the node to the bridge, and routes its pods' addresses to it. */
async function plugIn(cluster: Cluster, network: Network, index: number): Promise<void> {
  const pid = readFileSync(nodePlaces(cluster, nodeName(index)).pid, "utf8");
  const cable = `${network.bridge}-${index}`;
  const { node, pods } = nodeAddresses(network, index);
  await unplug(cable);
  await inSystem("ip", [
    ...["link", "add", cable, "type", "veth"],
    ...["peer", "name", "eth0", "netns", pid],
  ]);
  await inSystem("ip", ["link", "set", cable, "master", network.bridge, "up"]);
  await inSystem("ip", ["route", "replace", pods, "via", node]);
}

/** The interface of a stopped node disappears with its network namespace, after a moment. */
async function unplug(cable: string): Promise<void> {
  if (!existsSync(`/sys/class/net/${cable}`)) return;
  await inSystem("ip", ["link", "delete", cable]).catch((error: unknown) => {
    if (existsSync(`/sys/class/net/${cable}`)) throw error;
  });
}

/** Stops a node and everything on it immediately. */
export async function stopNode(cluster: Cluster, network: Network, index: number): Promise<void> {
  await removeCgroups(cgroupOf(network.bridge, nodeName(index)), patience);
  await unplug(`${network.bridge}-${index}`);
  rmSync(nodePlaces(cluster, nodeName(index)).pid, { force: true });
}

/** Returns the last lines of a log. */
export function endOf(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(-10).join("\n") : "";
}

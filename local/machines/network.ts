import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Cluster } from "../cluster/paths";
import { replaceFile } from "../toolchain/replace-file";
import { CommandFailed, run } from "../toolchain/run";
import { placesOf } from "./places";
import { runInSystem } from "./system";

/**
 * The network of one cluster's nodes: a bridge on this machine to which they are connected. Each cluster has its own
 * addresses, so that several can run.
 */
export interface Network {
  index: number;
  /** Name of the bridge interface, and of its nftables table. */
  bridge: string;
  /** Address of this machine on the bridge. */
  gateway: string;
  /** Address range of all pods of the cluster. */
  pods: string;
}

/** Largest number of clusters with real nodes at the same time. */
const maxNetworks = 32;
/** Largest number of nodes of a cluster. */
export const maxNodes = 3;

export function networkOf(index: number): Network {
  return {
    index,
    bridge: `kp${index}`,
    gateway: `10.77.${index}.1`,
    pods: `10.78.${index * 4}.0/22`,
  };
}

/** Returns the address of a node, and the address range of its pods. */
export function nodeAddresses({ index }: Network, node: number): { node: string; pods: string } {
  return { node: `10.77.${index}.${10 + node}`, pods: `10.78.${index * 4 + node}.0/24` };
}

/** Returns the network of a cluster if it exists. */
export function presentNetwork(cluster: Cluster): Network | undefined {
  const file = placesOf(cluster).network;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Network) : undefined;
}

/** Reserves addresses that no other cluster uses; the bridge itself is the reservation. */
export async function claimNetwork(cluster: Cluster): Promise<Network> {
  const present = presentNetwork(cluster);
  if (present !== undefined) {
    await makeBridge(cluster, present);
    return present;
  }
  for (let index = 0; index < maxNetworks; index++) {
    const network = networkOf(index);
    if (!(await makeBridge(cluster, network))) continue;
    const file = placesOf(cluster).network;
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, JSON.stringify(network));
    return network;
  }
  throw new Error(
    `All ${maxNetworks} networks for real nodes are taken (interfaces kp0 to kp${maxNetworks - 1}). ` +
      "Stop a cluster that is not needed: npx platform local cluster stop --name <name>",
  );
}

/**
 * Creates the bridge if it does not exist.
 * @returns whether it belongs to this cluster.
 */
async function makeBridge(cluster: Cluster, network: Network): Promise<boolean> {
  const { bridge, gateway } = network;
  await reclaim(bridge);
  try {
    await runInSystem("ip", ["link", "add", bridge, "type", "bridge"]);
  } catch (error) {
    if (!(error instanceof CommandFailed && /File exists/.test(error.output))) throw error;
    return (await ownerOf(bridge)) === cluster.folder;
  }
  await runInSystem("ip", ["link", "set", bridge, "alias", cluster.folder]);
  await runInSystem("ip", ["address", "add", `${gateway}/24`, "dev", bridge]);
  await runInSystem("ip", ["link", "set", bridge, "up"]);
  await run("sysctl", ["-q", "-w", `net.ipv4.conf.${bridge}.route_localnet=1`]);
  return true;
}

/** Removes the bridge of a cluster whose folder was deleted. */
async function reclaim(bridge: string): Promise<void> {
  const owner = await ownerOf(bridge);
  if (owner === undefined || owner === "" || existsSync(owner)) return;
  await removeBridge(bridge);
}

async function ownerOf(bridge: string): Promise<string | undefined> {
  const file = `/sys/class/net/${bridge}/ifalias`;
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Forwards ports of the bridge's address to loopback, so that nodes and pods reach these services on this machine. */
export async function forwardPorts(network: Network, ports: Record<number, number>): Promise<void> {
  await runInSystem("nft", ["-f", "-"], portRules(network, ports));
}

/** Returns the rules of {@link forwardPorts}, as input for `nft`. */
export function portRules({ bridge, gateway }: Network, ports: Record<number, number>): string {
  const rules = Object.entries(ports).map(
    ([port, to]) =>
      `iifname "${bridge}" ip daddr ${gateway} tcp dport ${port} dnat to 127.0.0.1:${to}`,
  );
  return [
    `table ip ${bridge} {}`,
    `delete table ip ${bridge}`,
    `table ip ${bridge} {`,
    "chain prerouting {",
    "type nat hook prerouting priority dstnat;",
    ...rules,
    "}",
    // Denies everything else on this machine.
    "chain input {",
    "type filter hook input priority filter;",
    "ct state established,related accept",
    `iifname "${bridge}" ct status dnat accept`,
    `iifname "${bridge}" ip protocol icmp accept`,
    `iifname "${bridge}" drop`,
    "}",
    "}",
  ].join("\n");
}

/** Removes the network. */
export async function releaseNetwork(cluster: Cluster): Promise<void> {
  const network = presentNetwork(cluster);
  if (network === undefined) return;
  if ((await ownerOf(network.bridge)) === cluster.folder) await removeBridge(network.bridge);
  rmSync(placesOf(cluster).network, { force: true });
}

async function removeBridge(bridge: string): Promise<void> {
  // Adding the table first makes the deletion succeed whether it exists or not.
  await runInSystem("nft", ["-f", "-"], `table ip ${bridge} {}\ndelete table ip ${bridge}\n`);
  if (existsSync(`/sys/class/net/${bridge}`)) await runInSystem("ip", ["link", "delete", bridge]);
}

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Cluster } from "../cluster/paths";
import { replaceFile } from "../toolchain/replace-file";
import { CommandFailed, run } from "../toolchain/run";
import { placesOf } from "./places";
import { inSystem } from "./system";

/**
 * The network of one cluster's machines: a bridge of this machine, which they are plugged into. Each
 * cluster has addresses of its own, so that several can be up.
 */
export interface Network {
  index: number;
  /** Interface of this machine, and name of its nftables table. */
  bridge: string;
  /** This machine's address on the bridge. */
  gateway: string;
  /** All pods of the cluster. */
  pods: string;
}

/** How many clusters with real machines may be up at once. */
const most = 32;
/** Most machines of a cluster. */
export const mostNodes = 3;

export function networkOf(index: number): Network {
  return {
    index,
    bridge: `kp${index}`,
    gateway: `10.77.${index}.1`,
    pods: `10.78.${index * 4}.0/22`,
  };
}

/** Address of a machine, and range of the addresses of its pods. */
export function nodeAddresses({ index }: Network, node: number): { node: string; pods: string } {
  return { node: `10.77.${index}.${10 + node}`, pods: `10.78.${index * 4 + node}.0/24` };
}

/** The network that a cluster has already. */
export function presentNetwork(cluster: Cluster): Network | undefined {
  const file = placesOf(cluster).network;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Network) : undefined;
}

/** Takes addresses that no other cluster has; the bridge itself says that they are taken. */
export async function claimNetwork(cluster: Cluster): Promise<Network> {
  const present = presentNetwork(cluster);
  if (present !== undefined) {
    await makeBridge(cluster, present);
    return present;
  }
  for (let index = 0; index < most; index++) {
    const network = networkOf(index);
    if (!(await makeBridge(cluster, network))) continue;
    const file = placesOf(cluster).network;
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, JSON.stringify(network));
    return network;
  }
  throw new Error(
    `All ${most} networks for real machines are taken (interfaces kp0 to kp${most - 1}). ` +
      "End a cluster that is not needed: npm run cluster -- stop --name <name>",
  );
}

/** Makes the bridge unless it is there. @returns whether it is this cluster's. */
async function makeBridge(cluster: Cluster, network: Network): Promise<boolean> {
  const { bridge, gateway } = network;
  await reclaim(bridge);
  try {
    await inSystem("ip", ["link", "add", bridge, "type", "bridge"]);
  } catch (error) {
    if (!(error instanceof CommandFailed && /File exists/.test(error.output))) throw error;
    return (await ownerOf(bridge)) === cluster.folder;
  }
  await inSystem("ip", ["link", "set", bridge, "alias", cluster.folder]);
  await inSystem("ip", ["address", "add", `${gateway}/24`, "dev", bridge]);
  await inSystem("ip", ["link", "set", bridge, "up"]);
  await run("sysctl", ["-q", "-w", `net.ipv4.conf.${bridge}.route_localnet=1`]);
  return true;
}

/** Takes away the bridge of a cluster whose folder was deleted. */
async function reclaim(bridge: string): Promise<void> {
  const owner = await ownerOf(bridge);
  if (owner === undefined || owner === "" || existsSync(owner)) return;
  await removeBridge(bridge);
}

async function ownerOf(bridge: string): Promise<string | undefined> {
  const file = `/sys/class/net/${bridge}/ifalias`;
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** What machines and pods reach of this machine: ports of the bridge's address, led to loopback. */
export async function leadPorts(
  { bridge, gateway }: Network,
  ports: Record<number, number>,
): Promise<void> {
  const rules = Object.entries(ports).map(
    ([port, to]) =>
      `iifname "${bridge}" ip daddr ${gateway} tcp dport ${port} dnat to 127.0.0.1:${to}`,
  );
  const text = [
    `table ip ${bridge} {}`,
    `delete table ip ${bridge}`,
    `table ip ${bridge} {`,
    "chain prerouting {",
    "type nat hook prerouting priority dstnat;",
    ...rules,
    "}",
    // Nothing else of this machine is theirs.
    "chain input {",
    "type filter hook input priority filter;",
    "ct state established,related accept",
    `iifname "${bridge}" ct status dnat accept`,
    `iifname "${bridge}" ip protocol icmp accept`,
    `iifname "${bridge}" drop`,
    "}",
    "}",
  ].join("\n");
  await inSystem("nft", ["-f", "-"], text);
}

/** Takes the network away. */
export async function releaseNetwork(cluster: Cluster): Promise<void> {
  const network = presentNetwork(cluster);
  if (network === undefined) return;
  if ((await ownerOf(network.bridge)) === cluster.folder) await removeBridge(network.bridge);
  rmSync(placesOf(cluster).network, { force: true });
}

async function removeBridge(bridge: string): Promise<void> {
  // Adding it first makes the deletion succeed whether it is there or not.
  await inSystem("nft", ["-f", "-"], `table ip ${bridge} {}\ndelete table ip ${bridge}\n`);
  if (existsSync(`/sys/class/net/${bridge}`)) await inSystem("ip", ["link", "delete", bridge]);
}

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../toolchain/paths";
import { CommandFailed } from "../toolchain/run";
import { makeCgroups, probeCgroup, removeCgroup } from "./cgroups";
import { inNamespaces } from "./namespaces";
import { networkOf, portRules } from "./network";
import { runInSystem, systemRoot, runWithInput } from "./system";

/** Requirements of a node in the order in which they are tried, each with what to do if it is missing. */
const needs = {
  group: {
    what: "a control group",
    advice: "run this where /sys/fs/cgroup can be written; in a container, with --privileged",
  },
  namespaces: {
    what: "namespaces for processes, mounts, network, host name and IPC",
    advice: "run this as root of the computer; in a container, with --privileged",
  },
  packages: {
    what: "Debian's packages",
    advice: "see whether apt-get update works",
  },
  mounts: {
    what: "mounts of their own",
    advice: "run this as root of the computer; in a container, with --privileged",
  },
  layers: {
    what: "overlay file systems in the project's folder",
    advice: "move the project to a file system such as ext4 or XFS; in a container, to a volume",
  },
  network: {
    what: "a bridge and links to it",
    advice: "run this as root of the computer, with a kernel that has bridge and veth",
  },
  rules: {
    what: "nftables",
    advice: "run this with a kernel that has nftables with NAT, sets, maps, numgen and fib",
  },
  host: {
    what: "routes and nftables rules of this computer",
    advice: "run this as root of the computer; in a container, with --privileged",
  },
};

type Need = keyof typeof needs;

/** Timeout for the processes of a probe to exit, milliseconds. */
const endTimeout = 10_000;

/**
 * Returns why this computer does not permit real nodes, in one line; undefined if it does. It tries what
 * nodes need in temporary namespaces, and leaves nothing behind. It unpacks the packages of the nodes' system
 * if the cache lacks them.
 */
export async function whyNoMachines(): Promise<string | undefined> {
  if (process.platform !== "linux") return `real nodes need Linux, but this is ${process.platform}`;
  if (process.getuid?.() !== 0)
    return "real nodes need root, but this user is not root; run this as root";
  if (!existsSync("/usr/bin/apt-get"))
    return "real nodes are built from Debian packages, but there is no apt-get";
  const probes = join(localFolder, "probes");
  await clearEnded(probes);
  const folder = join(probes, String(process.pid));
  for (const name of ["root", "etc", "var", "data"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  try {
    return await tryRequirements(folder, probeCgroup(process.pid));
  } finally {
    await clear(probes, process.pid);
  }
}

/** Returns the first requirement that is not met; undefined if all are. */
async function tryRequirements(folder: string, cgroup: string): Promise<string | undefined> {
  let need: Need = "group";
  try {
    makeCgroups(cgroup);
    need = "namespaces";
    await runWithInput("sh", inNamespaces(cgroup, ["true"]), "");
    need = "packages";
    const { folder: system } = await systemRoot();
    need = "mounts";
    const script = ["bash", join(__dirname, "probe.sh"), system, folder];
    await runWithInput("sh", inNamespaces(cgroup, script), "");
    need = "host";
    await tryRules();
    return undefined;
  } catch (error) {
    if (need === "mounts" && error instanceof CommandFailed) need = lastStep(error.output);
    const { what, advice } = needs[need];
    return `real nodes need ${what}, which is not available to this process (${reasonOf(error)}); ${advice}`;
  }
}

/**
 * Lets the kernel check the rules of a cluster without applying them, and writes the current value of one
 * setting.
 */
async function tryRules(): Promise<void> {
  const rules = portRules(networkOf(0), { 1: 1 });
  await runInSystem("nft", ["--check", "-f", "-"], rules);
  const setting = "/proc/sys/net/ipv4/conf/lo/route_localnet";
  writeFileSync(setting, readFileSync(setting));
}

function lastStep(output: string): Need {
  const steps = output.split("\n").filter((line): line is Need => line in needs);
  return steps.at(-1) ?? "mounts";
}

function reasonOf(error: unknown): string {
  const text = error instanceof CommandFailed ? error.output : String((error as Error).message);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !(line in needs));
  return (lines[0] ?? "it ended without a message").trim();
}

/** Removes what killed probes left behind. */
async function clearEnded(probes: string): Promise<void> {
  if (!existsSync(probes)) return;
  for (const pid of readdirSync(probes).map(Number)) {
    if (!existsSync(`/proc/${pid}`)) await clear(probes, pid);
  }
}

async function clear(probes: string, pid: number): Promise<void> {
  await removeCgroup(probeCgroup(pid), endTimeout);
  rmSync(join(probes, String(pid)), { recursive: true, force: true });
}

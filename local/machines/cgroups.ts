import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Folder in each hierarchy with the control groups of all clusters' nodes. */
const parent = "kubernetes-platform";

/** Controllers that limit pods; version 2 has all of them in one hierarchy. */
const controllers = ["cpuset", "cpu", "io", "memory", "pids"];

/**
 * CPU weight of a cluster's group and of each group in it, in the units of both versions: that of 8
 * processes. By default, a whole group gets as much as a single process outside it, so pods on a busy machine
 * take minutes to start and fail their probes.
 */
const cpuShares = { "cpu.shares": "8192", "cpu.weight": "800" };

interface Hierarchy {
  /** Mount point. */
  path: string;
  version: 1 | 2;
}

/** Returns the hierarchies: one per controller in version 1, a single one in version 2; both can exist. */
function hierarchies(): Hierarchy[] {
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path = "", type]) => ({ path, version: type === "cgroup" ? 1 : 2 }));
}

/** Returns the hierarchies with controllers: next to those of version 1, the one of version 2 has none. */
function used(): Hierarchy[] {
  const first = hierarchies().filter(({ version }) => version === 1);
  return first.length > 0 ? first : hierarchies();
}

/** Returns the control group of a node, as the kubelet's `cgroupRoot`. */
export function cgroupOf(network: string, node: string): string {
  return `/${parent}/${network}/${node}`;
}

/** Returns the control group in which a process tries what nodes need. No cluster uses it or its parent. */
export function probeCgroup(pid: number): string {
  return `/${parent}-probe-${pid}`;
}

/** Creates a node's control group in each hierarchy, and one below it for its first process. */
export function makeCgroups(cgroup: string): void {
  for (const { path, version } of used()) {
    let folder = path;
    for (const name of cgroup.split("/").filter((part) => part !== "")) {
      if (version === 2) enableControllers(folder);
      folder = join(folder, name);
      mkdirSync(folder, { recursive: true });
      inheritCpus(folder);
      for (const [file, value] of Object.entries(cpuShares)) {
        if (existsSync(join(folder, file))) writeFileSync(join(folder, file), value);
      }
    }
    const own = join(folder, "machine");
    mkdirSync(own, { recursive: true });
    inheritCpus(own);
  }
}

/** Returns the files that move a process into the control group of a node's own programs. */
export function processFiles(cgroup: string): string[] {
  return used().map(({ path }) => join(path, cgroup, "machine", "cgroup.procs"));
}

/**
 * Creates a control group and moves processes into it. Processes that they start later are also in the group;
 * processes that no longer exist are ignored.
 */
export function joinCgroup(cgroup: string, pids: readonly number[]): void {
  makeCgroups(cgroup);
  for (const file of processFiles(cgroup)) for (const pid of pids) moveTo(file, pid);
}

/** Moves all processes out of a control group, and removes it. */
export function leaveCgroup(cgroup: string): void {
  for (const { path } of used()) {
    for (const folder of walk(join(path, cgroup))) {
      for (const pid of processes(folder)) moveTo(join(path, "cgroup.procs"), pid);
    }
  }
  remove(cgroup);
  removeParents(cgroup);
}

function moveTo(file: string, pid: number): void {
  try {
    writeFileSync(file, String(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Returns the processes in a control group and its children. */
export function processesIn(cgroup: string): number[] {
  const found = hierarchies().flatMap(({ path }) => walk(join(path, cgroup)).flatMap(processes));
  return [...new Set(found)];
}

/** Kills everything in a node's control group and removes it. */
export async function removeCgroups(cgroup: string, timeout: number): Promise<void> {
  await removeCgroup(cgroup, timeout);
  removeParents(cgroup);
}

/** Removes the groups of the cluster and of all clusters if they are empty. */
function removeParents(cgroup: string): void {
  for (const above of [dirname(cgroup), `/${parent}`]) {
    for (const { path } of hierarchies()) removeEmpty(join(path, above));
  }
}

/** Kills everything in a control group and removes it, but none above it. */
export async function removeCgroup(cgroup: string, timeout: number): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    const left = processesIn(cgroup);
    for (const pid of left) kill(pid);
    if (left.length === 0 && remove(cgroup)) break;
    if (Date.now() > end) {
      throw new Error(
        `Control group ${cgroup}: expected to be empty, still has processes ${processesIn(cgroup).join(", ")}. End them and run the command again.`,
      );
    }
    await sleep(50);
  }
}

function remove(cgroup: string): boolean {
  return hierarchies().every(({ path }) =>
    walk(join(path, cgroup))
      .reverse()
      .map(removeEmpty)
      .every((gone) => gone),
  );
}

function removeEmpty(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    rmdirSync(folder);
    return true;
  } catch {
    // It still contains something; the caller retries.
    return false;
  }
}

/** Returns a folder and its subfolders, children first. */
function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory());
  return [folder, ...children.flatMap(({ name }) => walk(join(folder, name)))];
}

function processes(folder: string): number[] {
  try {
    const text = readFileSync(join(folder, "cgroup.procs"), "utf8");
    return text.split("\n").filter(Boolean).map(Number);
  } catch {
    // Removed in the meantime.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended in the meantime.
  }
}

/** A new group of version 1 has no CPUs until they are assigned. */
function inheritCpus(folder: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const [own, above] = [join(folder, file), join(dirname(folder), file)];
    if (!existsSync(own) || !existsSync(above) || existsSync(join(folder, "cgroup.controllers")))
      continue;
    if (readFileSync(own, "utf8").trim() === "") writeFileSync(own, readFileSync(above, "utf8"));
  }
}

function enableControllers(folder: string): void {
  const file = join(folder, "cgroup.controllers");
  const present = readFileSync(file, "utf8").trim().split(" ");
  const wanted = controllers.filter((name) => present.includes(name)).map((name) => `+${name}`);
  writeFileSync(join(folder, "cgroup.subtree_control"), wanted.join(" "));
}

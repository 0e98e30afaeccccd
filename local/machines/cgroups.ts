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

/** Folder below each hierarchy that holds the control groups of all clusters' machines. */
const parent = "kubernetes-platform";

/** Controllers that pods are limited by, where version 2 has them all in one hierarchy. */
const controllers = ["cpuset", "cpu", "io", "memory", "pids"];

interface Hierarchy {
  /** Mount point. */
  path: string;
  version: 1 | 2;
}

/** One for each controller in version 1, one for all in version 2; a machine may have both. */
function hierarchies(): Hierarchy[] {
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path = "", type]) => ({ path, version: type === "cgroup" ? 1 : 2 }));
}

/** Those with controllers: beside hierarchies of version 1 the one of version 2 has none. */
function used(): Hierarchy[] {
  const first = hierarchies().filter(({ version }) => version === 1);
  return first.length > 0 ? first : hierarchies();
}

/** Control group of one machine, as the kubelet's `cgroupRoot` names it. */
export function cgroupOf(network: string, node: string): string {
  return `/${parent}/${network}/${node}`;
}

/** Makes a machine's control group in each hierarchy, and one below it for its first process. */
export function makeCgroups(cgroup: string): void {
  for (const { path, version } of used()) {
    let folder = path;
    for (const name of cgroup.split("/").filter((part) => part !== "")) {
      if (version === 2) enableControllers(folder);
      folder = join(folder, name);
      mkdirSync(folder, { recursive: true });
      inheritCpus(folder);
    }
    const own = join(folder, "machine");
    mkdirSync(own, { recursive: true });
    inheritCpus(own);
  }
}

/** Files that put a process into the control group of a machine's own programs. */
export function processFiles(cgroup: string): string[] {
  return used().map(({ path }) => join(path, cgroup, "machine", "cgroup.procs"));
}

/** Processes in a control group and those below it. */
export function processesIn(cgroup: string): number[] {
  const found = hierarchies().flatMap(({ path }) => walk(join(path, cgroup)).flatMap(processes));
  return [...new Set(found)];
}

/** Kills everything in a control group and takes it away. */
export async function removeCgroups(cgroup: string, patience: number): Promise<void> {
  const end = Date.now() + patience;
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
  // The folders of the cluster and of all clusters go with the last of theirs.
  for (const above of [dirname(cgroup), `/${parent}`]) {
    for (const { path } of hierarchies()) removeEmpty(join(path, above));
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
    // Something is still in it; the caller looks again.
    return false;
  }
}

/** A folder and all below it, each before its children. */
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
    // Gone in the meantime.
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

/** A new group of version 1 has no processors until it is told which. */
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

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Maximum number of scans until no new process is found; a tree that needs more grows endlessly. */
const maxLooks = 20;

/**
 * Kills a process and all of its descendants: plugins of the engine have their own process groups.
 * @returns the process IDs.
 */
export function killTree(root: number): number[] {
  // A stopped process cannot start others during the scan.
  signal(root, "SIGSTOP");
  const tree = new Set([root]);
  for (let look = 0; look < maxLooks; look += 1) {
    const added = descendants(tree).filter((id) => !tree.has(id));
    if (added.length === 0) break;
    for (const id of added) {
      signal(id, "SIGSTOP");
      tree.add(id);
    }
  }
  for (const id of tree) signal(id, "SIGKILL");
  return [...tree];
}

/** Waits at most a minute until none of the processes runs. */
export async function waitForEnd(ids: readonly number[]): Promise<void> {
  for (const end = Date.now() + 60_000; ids.some((id) => signal(id, 0)); await sleep(20)) {
    if (Date.now() > end) throw new Error(`of the processes ${ids.join(", ")} some still run`);
  }
}

/** Sends a signal; returns whether the process exists. */
function signal(id: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(id, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

function descendants(tree: ReadonlySet<number>): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [id = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return tree.has(parent) ? [id] : [];
  });
}

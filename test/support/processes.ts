import { spawnSync } from "node:child_process";

/** A process of the machine. */
export interface Process {
  pid: number;
  /** Name of what it runs, as the system has it: its first 15 characters. */
  name: string;
}

/** All that descends from `pid`. */
export function descendants(pid: number): Process[] {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  const children = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([child, parent, name = ""]) =>
      Number(parent) === pid ? [{ pid: Number(child), name }] : [],
    );
  return children.flatMap((child) => [child, ...descendants(child.pid)]);
}

/** Whether it has not ended. */
export function alive({ pid }: Process): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Official plugins ask every 5 minutes whether their engine is still there, and end when it is not;
 * the project's own run by the name of Node.js.
 */
export function isOfficialPlugin(name: string): boolean {
  return /^pulumi-(language|resource)/.test(name);
}

/** Ends it at once; one that has ended already is left alone. */
export function end({ pid }: Process): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

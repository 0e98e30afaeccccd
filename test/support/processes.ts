import { spawnSync } from "node:child_process";

/** A process on this machine. */
export interface Process {
  pid: number;
  /** Name of its program in the system: the first 15 characters. */
  name: string;
}

/** Returns all descendants of `pid`. */
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

/** Whether it still runs. */
export function alive({ pid }: Process): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether it is an official plugin. These check every 5 minutes whether their engine still runs; stand-ins are Node.js
 * processes.
 */
export function isOfficialPlugin(name: string): boolean {
  return /^pulumi-(language|resource)/.test(name);
}

/** Kills it; does nothing if it has already ended. */
export function end({ pid }: Process): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

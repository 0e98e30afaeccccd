import { readFileSync } from "node:fs";

/** Ticks per second in which Linux reports the start of a process, whatever the kernel itself uses. */
const ticksPerSecond = 100;

/**
 * Largest difference between the clocks behind a start and a lock, milliseconds. Both are reported in whole seconds.
 */
const tolerance = 2000;

/**
 * Whether the process that took a lock still runs on this machine. Where the system reports the start of processes, the
 * process ID alone is not enough: after a reboot, and in containers with the same name, as CI creates them, another
 * process soon has the same ID.
 * @param since when the lock was taken.
 */
export function isHolder(pid: number, since: Date): boolean {
  if (!runs(pid)) return false;
  const start = startOf(pid);
  return start === undefined || start <= since.getTime() + tolerance;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Returns when a process started, milliseconds since 1970; undefined on a system without /proc. */
function startOf(pid: number): number | undefined {
  const boot = /^btime (\d+)$/m.exec(textOf("/proc/stat"))?.[1];
  // The program's name in parentheses may itself contain spaces and parentheses.
  const [, fields = ""] = /^.*\)(.*)$/s.exec(textOf(`/proc/${pid}/stat`)) ?? [];
  const ticks = fields.trim().split(" ")[19];
  if (boot === undefined || ticks === undefined) return undefined;
  return (Number(boot) + Number(ticks) / ticksPerSecond) * 1000;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

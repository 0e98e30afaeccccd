import { readFileSync } from "node:fs";

/** Ticks per second that Linux counts a process's start in, whatever the kernel itself uses. */
const ticksPerSecond = 100;

/** How far the clocks behind a start and a lock may be apart, milliseconds: both are told in whole seconds. */
const tolerance = 2000;

/**
 * Whether the process that took a lock still runs on this machine. Its number alone does not tell
 * where the system says when a process started: after a restart of the machine, and in containers
 * of one name, as CI makes them, another process soon has the same number.
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
    // Somebody else's process exists, though it may not be asked.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, milliseconds since 1970; nothing where the system has no /proc. */
function startOf(pid: number): number | undefined {
  const boot = /^btime (\d+)$/m.exec(textOf("/proc/stat"))?.[1];
  // The name of the program, in brackets, may have spaces and brackets of its own.
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

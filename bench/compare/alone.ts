import { spawn } from "node:child_process";
import { once } from "node:events";

/** Exit code of flock for a lock that is held; no other program of a run uses it. */
const held = 75;

/**
 * Runs a command while it holds the lock on a folder, and returns its exit code. The lock is held as long as any of the
 * command's processes runs, because ending only the parent, for example npm, leaves its descendants running.
 * @throws Error if another run holds the lock.
 */
export async function runAlone(
  folder: string,
  line: string[],
  cwd: string,
): Promise<number | null> {
  const lock = ["--nonblock", "--conflict-exit-code", String(held), folder];
  const child = spawn("flock", [...lock, ...line], { cwd, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== held) return code;
  throw new Error(
    `Another run holds the lock on ${folder}. Both would create the same cluster, and each would replace the other's certificates. ` +
      `Wait for its end, or end it: "fuser ${folder}" names its processes.`,
  );
}

import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from ".";

/** Longest wait for a process to end by itself, milliseconds. */
const endTimeout = 5000;

/** Whether the process whose id a file holds runs. */
export function isRunning(pidFile: string): boolean {
  const pid = processId(pidFile);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts what plays a real cluster's drivers, unless it runs. */
export async function startSimulator(cluster: Cluster): Promise<void> {
  const pidFile = join(cluster.folder, "simulator.pid");
  if (isRunning(pidFile)) return;
  const log = openSync(join(cluster.folder, "simulator.log"), "a");
  const child = spawn(
    process.execPath,
    [
      "--require",
      require.resolve("tsx/cjs"),
      join(__dirname, "simulator", "main.ts"),
      cluster.kubeconfig,
    ],
    { detached: true, stdio: ["ignore", log, log] },
  );
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

/** Ends it, and waits until it has ended. */
export async function stopSimulator(cluster: Cluster): Promise<void> {
  const pidFile = join(cluster.folder, "simulator.pid");
  const pid = processId(pidFile);
  if (pid === undefined || !isRunning(pidFile)) return;
  process.kill(pid, "SIGTERM");
  const end = Date.now() + endTimeout;
  while (isRunning(pidFile) && Date.now() < end) await sleep(50);
  if (isRunning(pidFile)) process.kill(pid, "SIGKILL");
  rmSync(pidFile);
}

function processId(pidFile: string): number | undefined {
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, "utf8").trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

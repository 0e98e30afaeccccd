import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { typescriptLoader } from "../toolchain/paths";

/** Time after which a process that does not exit is killed, milliseconds. */
const endTimeout = 5000;

/** Whether the process of a PID file runs. */
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

/** Starts a Node.js program of the project in the background, unless it runs. */
export function startProcess(pidFile: string, logFile: string, args: string[]): void {
  if (isRunning(pidFile)) return;
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, ["--require", typescriptLoader, ...args], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

/** Stops a process and waits for its end. */
export async function stopProcess(pidFile: string): Promise<void> {
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

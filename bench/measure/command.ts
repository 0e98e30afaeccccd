import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";
import { PeakWatch, type PeakMemory } from "./processes";

/** Measurement of a command. */
export interface Measured {
  /** Wall-clock time. */
  seconds: number;
  /** CPU time of the command and its descendants that were waited for. */
  cpuSeconds: number;
  memory?: PeakMemory;
  /** Output of both streams. */
  output: string;
}

/** A command line with its environment. */
export interface Command {
  line: string[];
  environment?: NodeJS.ProcessEnv;
  /** Where it runs. Default: the project's folder. */
  folder?: string;
  /** Accepted exit codes; that of `kubectl diff` is 1 if there is a difference. Default: 0. */
  codes?: number[];
}

/** Bash reports the CPU time including descendants; Node.js reports only its own. */
const timed = 'exec 3>&2; TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 2>"$TIMES"';

/**
 * Runs a command and measures it.
 * @throws Error for another exit code.
 */
export async function measure({
  line,
  environment = process.env,
  folder: cwd = checkout,
  codes = [0],
}: Command): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const times = join(folder, "times");
  try {
    const started = performance.now();
    const child = spawn("bash", ["-c", timed, "bash", ...line], {
      cwd,
      env: { ...environment, TIMES: times },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const watch = new PeakWatch(child.pid ?? 0);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const [code] = (await once(child, "close")) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    const memory = watch.stop();
    if (code === null || !codes.includes(code)) {
      const end = output.trim().split("\n").slice(-20).join("\n");
      throw new Error(`${line.join(" ")} ended with ${code}:\n${end}`);
    }
    const [user = 0, system = 0] = readFileSync(times, "utf8").trim().split(/\s+/).map(Number);
    return { seconds, cpuSeconds: user + system, memory, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

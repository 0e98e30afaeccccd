import { spawn, type ChildProcess } from "node:child_process";
import type { ScriptRun } from "./captured";

/** Signals that end a run; by default, Node.js would exit without stopping its child processes. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Milliseconds after which a process that was asked to end is killed. */
const grace = 15_000;

/** Programs in process groups of their own, so that their children end with them, and all end with this process. */
export class ProcessGroups {
  private readonly children = new Set<ChildProcess>();
  private readonly killAll = () => this.signal("SIGKILL");
  private readonly clear = () => {
    this.killAll();
    this.cleanUp();
  };
  private readonly interrupted = () => process.exit(130);

  /** @param cleanUp runs after all processes were stopped or killed. */
  constructor(private readonly cleanUp: () => void) {
    process.once("exit", this.clear);
    for (const signal of signals) process.once(signal, this.interrupted);
  }

  /** Starts a program. */
  start(command: string, args: string[], variables: Record<string, string>): ChildProcess {
    const child = spawn(command, args, {
      env: { PATH: process.env["PATH"], ...variables },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.children.add(child);
    child.on("close", () => this.children.delete(child));
    return child;
  }

  /** Runs a program until it ends. */
  run(command: string, args: string[], variables: Record<string, string>): Promise<ScriptRun> {
    return new Promise((resolve, reject) => {
      const child = this.start(command, args, variables);
      let [stdout, stderr] = ["", ""];
      child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
      child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Whether a program that was started here still runs. */
  runs(child: ChildProcess | undefined): boolean {
    return child !== undefined && this.children.has(child);
  }

  /** Stops all programs, and cleans up. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const ending = [...this.children].map(
      (child) => new Promise((resolve) => child.once("close", resolve)),
    );
    const late = setTimeout(this.killAll, grace);
    await Promise.all(ending);
    clearTimeout(late);
    this.clear();
    process.off("exit", this.clear);
    for (const signal of signals) process.off(signal, this.interrupted);
  }

  private signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.children) {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // It has just ended.
      }
    }
  }
}

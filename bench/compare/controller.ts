import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** Longest time until a controller ends after SIGTERM, milliseconds. */
const timeout = 10_000;

/** The controller of another system, as a process next to the control plane. */
export class Controller {
  /** The end of its log. */
  readonly log: string[] = [];
  private readonly child: ChildProcess;

  constructor(line: [command: string, ...args: string[]], environment: NodeJS.ProcessEnv) {
    const [command, ...args] = line;
    this.child = spawn(command, args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.log.push(text);
        if (this.log.length > 200) this.log.shift();
      });
    }
  }

  /** @throws Error with the end of its log if it has ended. */
  mustRun(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(`the controller has ended:\n${this.log.slice(-20).join("")}`);
  }

  /** Largest resident memory so far, MiB, as the kernel counts it. */
  memory(): number {
    this.mustRun();
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    const [, kibibytes = "0"] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
    return Math.round(Number(kibibytes) / 1024);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), timeout);
    await exited;
    clearTimeout(timer);
  }
}

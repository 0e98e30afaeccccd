import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { engineVariables } from "../../../engine/environment";
import type { Ended } from "../../../engine/runs";
import { bundleLoader, checkout } from "../../../local/toolchain/paths";
import { exitCodes } from "./exit-codes";

/** File of the process. */
const main = join(checkout, "cli", "stacks", "warm", "main.ts");

/**
 * Number of runs after which a new process replaces one, which limits the effect of a memory leak in the SDK.
 */
const maxRuns = 50;

/**
 * Flags of Node.js that keep the memory of a process small. Without them, it grows to several times what a
 * program needs before garbage is collected.
 */
const nodeFlags = ["--max-semi-space-size=1", "--heap-growing-percent=40"];

/** glibc would keep freed memory for each thread of Node.js. */
const oneArena = { MALLOC_ARENA_MAX: "1" };

/** A run of the engine, and whether its program ended with an error that it does not report itself. */
export interface WarmRun {
  ended: Ended;
  programFailed: boolean;
}

/**
 * Processes that each run the program for one stack after the other, so that Node.js, the SDK and the program
 * are loaded once. A process gets another stack only after a success, so a failed program cannot affect the
 * next one.
 */
export class WarmPrograms {
  private readonly idle: Host[] = [];
  private readonly all = new Set<Host>();
  private readonly killAll = () => {
    for (const host of this.all) host.kill();
  };

  constructor(
    private readonly environment: NodeJS.ProcessEnv = process.env,
    private readonly runs = maxRuns,
  ) {
    process.once("exit", this.killAll);
  }

  /** Number of processes that were started. */
  get started(): number {
    return this.count;
  }
  private count = 0;

  /**
   * Lets an engine use a process.
   * @param engine runs the engine with the given flags.
   */
  async use(engine: (flags: string[]) => Promise<Ended>): Promise<WarmRun> {
    const host = this.idle.pop() ?? this.start();
    const address = await host.address;
    if (address === undefined) return this.retire(host, { code: null, stdout: "", output: "" });
    host.runs += 1;
    const ended = await engine(["--client", address, "--exec-kind", "auto.inline"]);
    if (ended.code !== 0) return this.retire(host, ended);
    if (host.runs >= this.runs)
      return { ...(await this.retire(host, ended)), programFailed: false };
    this.idle.push(host);
    return { ended: host.withPrinted(ended), programFailed: false };
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    process.off("exit", this.killAll);
    this.killAll();
    await Promise.all([...this.all].map((host) => host.exit));
  }

  private start(): Host {
    const host = new Host(this.environment);
    this.count += 1;
    this.all.add(host);
    return host;
  }

  private async retire(host: Host, ended: Ended): Promise<WarmRun> {
    host.kill();
    const code = await host.exit;
    this.all.delete(host);
    const programFailed = code !== null && code !== exitCodes.left;
    return { ended: host.withPrinted(ended), programFailed };
  }
}

/** One process. */
class Host {
  /** Where engines reach it; undefined if it ended before. */
  readonly address: Promise<string | undefined>;
  /** Its exit code; null after a signal. */
  readonly exit: Promise<number | null>;
  /** Number of programs that it has run. */
  runs = 0;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private printed: string[] = [];

  constructor(environment: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [...nodeFlags, bundleLoader, main], {
      cwd: checkout,
      env: { ...environment, ...engineVariables, ...oneArena },
      stdio: ["ignore", "pipe", "pipe"],
      // The terminal's signals are for the engine, which then ends the program's run.
      detached: true,
    });
    this.exit = once(this.child, "close").then(([code]) => code as number | null);
    const lines = createInterface({ input: this.child.stdout });
    const port = once(lines, "line").then(([line]) => `127.0.0.1:${line}`);
    this.address = Promise.race([port, this.exit.then(() => undefined)]);
    void port.then(() => lines.on("line", (line) => this.printed.push(line)));
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => this.printed.push(text));
  }

  /** Adds to a run's output what the process has printed since the last one. */
  withPrinted(ended: Ended): Ended {
    const printed = this.printed.splice(0).join("\n");
    return printed === "" ? ended : { ...ended, output: `${ended.output}\n${printed}` };
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}

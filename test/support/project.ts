import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { parse, stringify } from "yaml";
import { localEnvironment } from "../../local/commands/environment";
import type { Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { folderBackend, type Backend } from "./backend";
import { devConfig } from "./dev-stack";

/** How a command ended. */
export interface Ended {
  code: number | null;
  /** What it printed, on both streams. */
  output: string;
}

/** How a command ended that prints what is read on. */
interface Printed extends Ended {
  /** Without warnings, of the engine or of a backend's library. */
  stdout: string;
}

type Config = Record<string, unknown>;

/** A resource of a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  /** Set where another than the stack manages it. */
  external?: boolean;
  outputs?: Record<string, unknown>;
  /** URNs of what it needs, and of what each of its properties does. */
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
}

/** A running `pulumi up`. */
export type UpdateProcess = ChildProcessByStdio<null, Readable, Readable>;

/** The project's own program with a stack, config and state that only one test has. */
export class TestStack {
  readonly environment: NodeJS.ProcessEnv;
  /** Its config, as the engine reads it. */
  readonly configFile: string;

  constructor(
    readonly name: string,
    readonly cluster: Cluster,
    /** Put before everything else on the search path. */
    path?: string,
    /** Folder of its config and state; of another stack, where the two share a backend. */
    readonly folder = mkdtempSync(join(tmpdir(), "stack-")),
    /** Where the state is instead. */
    private readonly backend: Backend = folderBackend(join(folder, "state")),
  ) {
    this.environment = {
      ...process.env,
      ...localEnvironment({
        purpose: "test",
        cluster: cluster.name,
        state: join(this.folder, "state"),
      }),
      ...this.backend.environment,
    };
    if (path !== undefined) this.environment.PATH = `${path}:${this.environment.PATH}`;
    this.configFile = join(this.folder, `Pulumi.${name}.yaml`);
    // Commands on a stack itself run here, where they find its file, and leave the project's folder alone.
    copyFileSync(join(checkout, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    this.write(devConfig());
  }

  /** The stack's config by full key. */
  config(): Config {
    return this.file().config as Config;
  }

  /** Changes the stack's config. */
  edit(change: (config: Config) => void): void {
    const config = this.config();
    change(config);
    this.write(config);
  }

  /** Leaves only these of the platform's parts: what a test is not about costs it time. */
  keepParts(...names: string[]): void {
    this.edit((config) => {
      const parts = config["platform:components"] as Record<string, unknown>;
      config["platform:components"] = Object.fromEntries(names.map((name) => [name, parts[name]]));
    });
  }

  /** Runs a command of the engine on the stack. @returns its output. @throws Error when it fails. */
  async must(verb: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(verb, ...args);
    if (code !== 0) throw new Error(`pulumi ${verb} ended with ${code}:\n${output}`);
    return output;
  }

  /** Makes the stack known to the engine. @param args of `pulumi stack init`. */
  async create(...args: string[]): Promise<void> {
    succeeded(await this.engine("stack", "init", this.name, ...args));
  }

  /** Runs the engine beside the stack's file: what concerns a stack or a backend, and not the program. */
  engine(...args: string[]): Promise<Ended> {
    return this.spawned("pulumi", [...args, "--non-interactive"], { cwd: this.folder });
  }

  /** The same, with something to read. */
  engineReading(input: string, ...args: string[]): Promise<Ended> {
    return this.spawned("pulumi", [...args, "--non-interactive"], { cwd: this.folder, input });
  }

  /** Runs `pulumi preview|up|refresh|destroy` on the stack. */
  pulumi(verb: string, ...args: string[]): Promise<Printed> {
    const looksOnly = verb === "preview" || args.includes("--preview-only");
    const unasked = looksOnly ? [] : ["--yes", "--skip-preview"];
    return this.run([verb, ...unasked, ...this.target(), ...args]);
  }

  /** Runs `npm run release` on the stack. */
  release(command: string, ...args: string[]): Promise<Ended> {
    return this.spawned(process.execPath, [
      ...["--require", "tsx/cjs", "cli/release/index.ts", command, ...args],
      ...this.target(),
    ]);
  }

  /** Runs a script of the project on the stack: `npm run preview -- <stack>` and the like. */
  npm(script: string, ...args: string[]): Promise<Ended> {
    const own = ["--", this.name, "--config-file", this.configFile];
    return this.spawned("npm", ["run", "-s", script, ...own, ...args]);
  }

  /** Runs a job's script in the project's folder, as GitLab and Jenkins do, with the stack's name as $STACK. */
  shell(script: string): Promise<Ended> {
    return this.having({ STACK: this.name }, () => this.spawned("bash", ["-e", "-c", script]));
  }

  /** Runs `npm run stacks` on all stacks whose files are in this one's folder. */
  stacks(...args: string[]): Promise<Ended> {
    return this.spawned(process.execPath, [
      ...["--require", "tsx/cjs", "cli/stacks/index.ts", ...args],
      ...["--config-dir", this.folder],
    ]);
  }

  /** Does something with other variables. */
  async having<Result>(variables: NodeJS.ProcessEnv, work: () => Promise<Result>): Promise<Result> {
    const former = { ...this.environment };
    Object.assign(this.environment, variables);
    try {
      return await work();
    } finally {
      Object.assign(this.environment, former);
    }
  }

  /** Starts `pulumi up` and leaves it running, at the head of a process group of its own. */
  startUp(): UpdateProcess {
    const args = ["up", "--yes", "--skip-preview", ...this.target(), "--non-interactive"];
    const child = spawn("pulumi", args, {
      cwd: checkout,
      env: this.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Whoever wants to read on listens as well; the engine never waits for a reader.
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    return child;
  }

  /** The stack's state as its backend holds it. */
  async state(): Promise<{ deployment: { resources: StateResource[] } }> {
    const exported = await this.run(["stack", "export", "--stack", this.name]);
    succeeded(exported);
    return JSON.parse(exported.stdout) as { deployment: { resources: StateResource[] } };
  }

  /** Changes the stack's state as its backend holds it. */
  async editState(change: (deployment: { resources: StateResource[] }) => void): Promise<void> {
    const state = await this.state();
    change(state.deployment);
    const file = join(this.folder, "state.json");
    writeFileSync(file, JSON.stringify(state));
    succeeded(await this.run(["stack", "import", "--stack", this.name, "--file", file]));
  }

  /** Waits until an update holds the stack's lock. */
  async locked(): Promise<void> {
    const held = async () => (await this.locks()).length > 0;
    for (const end = Date.now() + 60_000; !(await held()); await sleep(20)) {
      if (Date.now() > end) throw new Error(`stack ${this.name} was not locked within 60 s`);
    }
  }

  /** Names of the locks that the stack has. */
  locks(): Promise<string[]> {
    return this.backend.locks(this.name);
  }

  /** Lets go of a lock that a killed update left. */
  unlock(): Promise<Ended> {
    return this.run(["cancel", "--yes", "--stack", this.name]);
  }

  /** The stack's outputs. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.run(["stack", "output", "--json", "--stack", this.name]);
    succeeded(outputs);
    return JSON.parse(outputs.stdout) as Record<string, unknown>;
  }

  /** Runs kubectl on the stack's cluster. */
  async kubectl(...args: string[]): Promise<string> {
    return succeeded(await this.spawned("kubectl", args));
  }

  /** Takes away what the stack left on the disk. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    for (const ending of ["json", "log"]) {
      rmSync(join(checkout, ".local", "stacks", `${this.name}.${ending}`), { force: true });
    }
  }

  private target(): string[] {
    return ["--stack", this.name, "--config-file", this.configFile];
  }

  private run(args: string[]): Promise<Printed> {
    return this.spawned("pulumi", [...args, "--non-interactive"]);
  }

  private async spawned(
    command: string,
    args: string[],
    { cwd = checkout, input = "" }: { cwd?: string; input?: string } = {},
  ): Promise<Printed> {
    const child = spawn(command, args, { cwd, env: this.environment });
    // A command that reads nothing may have ended before this is written.
    child.stdin.on("error", () => undefined).end(input);
    let [output, stdout] = ["", ""];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString()));
    }
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output: stripVTControlCharacters(output), stdout };
  }

  private write(config: Config): void {
    const cluster = { kubeconfig: this.cluster.kubeconfig, context: this.cluster.context };
    const all = { ...this.file(), config: { "platform:cluster": cluster, ...config } };
    writeFileSync(this.configFile, stringify(all, { compat: "yaml-1.1" }));
  }

  /** The stack's file: its config, and how its secrets are encrypted. */
  private file(): Record<string, unknown> {
    if (!existsSync(this.configFile)) return {};
    return parse(readFileSync(this.configFile, "utf8")) as Record<string, unknown>;
  }
}

/** What a command printed that must have succeeded. */
export function succeeded({ code, output }: Ended): string {
  if (code !== 0) throw new Error(`ended with ${code}:\n${output}`);
  return output;
}

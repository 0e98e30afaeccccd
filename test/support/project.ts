import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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

/** How a command ended. */
export interface Ended {
  code: number | null;
  /** What it printed, on both streams. */
  output: string;
}

type Config = Record<string, unknown>;

/** A resource of a stack's state. */
interface StateResource {
  type: string;
  id?: string;
  custom: boolean;
  /** Set where another than the stack manages it. */
  external?: boolean;
  outputs?: Record<string, unknown>;
}

/** A running `pulumi up`. */
export type UpdateProcess = ChildProcessByStdio<null, Readable, Readable>;

/** The project's own program with a stack, config and state that only one test has. */
export class TestStack {
  readonly environment: NodeJS.ProcessEnv;
  private readonly configFile: string;

  constructor(
    readonly name: string,
    readonly cluster: Cluster,
    /** Put before everything else on the search path. */
    path?: string,
    /** Folder of its config and state; of another stack, where the two share a backend. */
    readonly folder = mkdtempSync(join(tmpdir(), "stack-")),
  ) {
    this.environment = {
      ...process.env,
      ...localEnvironment({
        purpose: "test",
        cluster: cluster.name,
        state: join(this.folder, "state"),
      }),
    };
    if (path !== undefined) this.environment.PATH = `${path}:${this.environment.PATH}`;
    this.configFile = join(this.folder, `Pulumi.${name}.yaml`);
    mkdirSync(join(this.folder, "state"), { recursive: true });
    this.write(devConfig());
  }

  /** The stack's config by full key. */
  config(): Config {
    return (parse(readFileSync(this.configFile, "utf8")) as { config: Config }).config;
  }

  /** Changes the stack's config. */
  edit(change: (config: Config) => void): void {
    const config = this.config();
    change(config);
    this.write(config);
  }

  /** Makes the stack known to the engine. */
  async create(): Promise<void> {
    // It writes a salt into the project's folder, where this stack has no file.
    const written = join(checkout, `Pulumi.${this.name}.yaml`);
    const { code, output } = await this.run(["stack", "init", this.name]);
    if (code !== 0) throw new Error(output);
    const { encryptionsalt } = parse(readFileSync(written, "utf8")) as Record<string, string>;
    rmSync(written);
    this.write(this.config(), encryptionsalt);
  }

  /** Runs `pulumi preview|up|refresh|destroy` on the stack. */
  pulumi(verb: string, ...args: string[]): Promise<Ended> {
    const looksOnly = verb === "preview" || args.includes("--preview-only");
    const unasked = looksOnly ? [] : ["--yes", "--skip-preview"];
    return this.run([verb, ...unasked, ...this.target(), ...args]);
  }

  /** Runs `npm run release` on the stack. */
  release(command: string, ...args: string[]): Promise<Ended> {
    return this.spawned(process.execPath, [
      ...["--require", "tsx/cjs", "release/commands/index.ts", command, ...args],
      ...this.target(),
    ]);
  }

  /** Runs a script of the project on the stack: `npm run preview -- <stack>` and the like. */
  npm(script: string, ...args: string[]): Promise<Ended> {
    const own = ["--", this.name, "--config-file", this.configFile];
    return this.spawned("npm", ["run", "-s", script, ...own, ...args]);
  }

  /** Runs `npm run stacks` on all stacks whose files are in this one's folder. */
  stacks(...args: string[]): Promise<Ended> {
    return this.spawned(process.execPath, [
      ...["--require", "tsx/cjs", "stacks/commands/index.ts", ...args],
      ...["--config-dir", this.folder],
    ]);
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
    const { code, output } = await this.run(["stack", "export", "--stack", this.name]);
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as { deployment: { resources: StateResource[] } };
  }

  /** Changes the stack's state as its backend holds it. */
  async editState(change: (deployment: { resources: StateResource[] }) => void): Promise<void> {
    const state = await this.state();
    change(state.deployment);
    const file = join(this.folder, "state.json");
    writeFileSync(file, JSON.stringify(state));
    const ended = await this.run(["stack", "import", "--stack", this.name, "--file", file]);
    if (ended.code !== 0) throw new Error(ended.output);
  }

  /** Waits until an update holds the stack's lock. */
  async locked(): Promise<void> {
    const locks = join(this.folder, "state", ".pulumi", "locks", "organization", "platform");
    const held = () =>
      existsSync(join(locks, this.name)) && readdirSync(join(locks, this.name)).length > 0;
    for (const end = Date.now() + 60_000; !held(); await sleep(20)) {
      if (Date.now() > end) throw new Error(`stack ${this.name} was not locked within 60 s`);
    }
  }

  /** Lets go of a lock that a killed update left. */
  unlock(): Promise<Ended> {
    return this.run(["cancel", "--yes", "--stack", this.name]);
  }

  /** The stack's outputs. */
  async outputs(): Promise<Record<string, unknown>> {
    const { code, output } = await this.run(["stack", "output", "--json", "--stack", this.name]);
    if (code !== 0) throw new Error(output);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** Runs kubectl on the stack's cluster. */
  async kubectl(...args: string[]): Promise<string> {
    const { code, output } = await this.spawned("kubectl", args);
    if (code !== 0) throw new Error(output);
    return output;
  }

  /** Takes away what the stack left on the disk. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private target(): string[] {
    return ["--stack", this.name, "--config-file", this.configFile];
  }

  private run(args: string[]): Promise<Ended> {
    return this.spawned("pulumi", [...args, "--non-interactive"]);
  }

  private async spawned(command: string, args: string[]): Promise<Ended> {
    const child = spawn(command, args, {
      cwd: checkout,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (output += data.toString()));
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output: stripVTControlCharacters(output) };
  }

  private write(config: Config, encryptionsalt = this.salt()): void {
    const cluster = { kubeconfig: this.cluster.kubeconfig, context: this.cluster.context };
    writeFileSync(
      this.configFile,
      stringify({ config: { "platform:cluster": cluster, ...config }, encryptionsalt }),
    );
  }

  private salt(): string | undefined {
    if (!existsSync(this.configFile)) return undefined;
    return (parse(readFileSync(this.configFile, "utf8")) as { encryptionsalt?: string })
      .encryptionsalt;
  }
}

/** The dev stack's config, without the cluster that it names. */
function devConfig(): Config {
  const text = readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8");
  const { config } = parse(text) as { config: Config };
  delete config["platform:cluster"];
  return config;
}

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localEnvironment } from "../../local/commands/environment";
import type { Cluster } from "../../local/cluster";
import { checkout } from "../../local/toolchain/paths";
import { folderBackend, knownPassphrase, type Backend } from "./backend";
import { devConfig } from "./dev-stack";
import { failedWith, runCommand, succeeded, type Ended, type Printed } from "./results";
import { StackConfig } from "./stack-config";
import { outputsIn, type StackState } from "./stack-state";
import { startUpdate, type UpdateProcess } from "./update-process";

export { succeeded, type Ended } from "./results";

/**
 * Lets the engine save the state once per update instead of before and after each step, which takes a third to more
 * than half of the CPU time of an update from nothing. Only an update that is killed differs.
 */
export const stateAtEnd = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** The project's program with a stack, config and state for one test only. */
export class TestStack extends StackConfig {
  readonly environment: NodeJS.ProcessEnv;

  constructor(
    name: string,
    cluster: Cluster,
    /** Prefix of PATH. */
    path?: string,
    /** Folder of its config and state; that of another stack, if the two share a backend. */
    readonly folder = mkdtempSync(join(tmpdir(), "stack-")),
    /** Backend of its state. */
    private readonly backend: Backend = folderBackend(join(folder, "state")),
  ) {
    super(name, cluster, join(folder, `Pulumi.${name}.yaml`));
    this.environment = {
      ...process.env,
      ...localEnvironment({
        purpose: "test",
        cluster: cluster.name,
        state: join(this.folder, "state"),
      }),
      ...this.backend.environment,
      ...stateAtEnd,
      // The engine and kubectl collect garbage less often, for a twentieth of an update's CPU time.
      GOGC: "400",
      // A commit that does not exist, so that changes of the policy's files in the current branch are not reported.
      CI_MERGE_REQUEST_DIFF_BASE_SHA: "1".repeat(40),
    };
    if (path !== undefined) this.environment.PATH = `${path}:${this.environment.PATH}`;
    // Commands on the stack itself run in this folder, which contains its file, instead of the project's.
    copyFileSync(join(checkout, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    this.write(devConfig());
  }

  /**
   * Runs a command of the engine on the stack.
   * @returns its output.
   * @throws Error if it fails.
   */
  async must(verb: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(verb, ...args);
    if (code !== 0) throw new Error(`pulumi ${verb} ended with ${code}:\n${output}`);
    return output;
  }

  /**
   * Runs a command of the engine on the stack, which must fail for the expected reason.
   * @returns its output.
   * @throws AssertionError with the whole output if it succeeds, or if the pattern does not match.
   */
  async mustFail(pattern: RegExp, verb: string, ...args: string[]): Promise<string> {
    return failedWith(await this.pulumi(verb, ...args), pattern);
  }

  /**
   * Creates the stack, as `pulumi stack init` does.
   * @param args arguments of that command.
   */
  async create(...args: string[]): Promise<void> {
    const isUsual =
      args.length === 0 && this.environment.PULUMI_CONFIG_PASSPHRASE === knownPassphrase;
    const isOwn =
      this.environment.PULUMI_BACKEND_URL === this.backend.environment.PULUMI_BACKEND_URL;
    if (isUsual && isOwn && this.backend.create !== undefined) {
      this.writeSalt(this.backend.create(this.name));
      return;
    }
    succeeded(await this.engine("stack", "init", this.name, ...args));
  }

  /** Runs the engine in the stack's folder, for commands that need a stack or a backend, but not the program. */
  engine(...args: string[]): Promise<Ended> {
    return this.start("pulumi", [...args, "--non-interactive"], { cwd: this.folder });
  }

  /** The same, with input. */
  engineReading(input: string, ...args: string[]): Promise<Ended> {
    return this.start("pulumi", [...args, "--non-interactive"], { cwd: this.folder, input });
  }

  /** Runs `pulumi preview|up|refresh|destroy` on the stack. */
  pulumi(verb: string, ...args: string[]): Promise<Printed> {
    const looksOnly = verb === "preview" || args.includes("--preview-only");
    const unasked = looksOnly ? [] : ["--yes", "--skip-preview"];
    return this.run([verb, ...unasked, ...this.target(), ...args]);
  }

  /** Runs `npx platform release` on the stack. */
  release(command: string, ...args: string[]): Promise<Ended> {
    return this.start(process.execPath, [
      ...["bin/bundle.cjs", "cli/release/index.ts", command, ...args],
      ...this.target(),
    ]);
  }

  /** Runs a verb of the platform's command on the stack, for example `npx platform preview <stack>`. */
  platform(verb: string, ...args: string[]): Promise<Ended> {
    const own = [this.name, "--config-file", this.configFile];
    return this.start(process.execPath, ["bin/platform.mjs", verb, ...own, ...args]);
  }

  /** Runs a job's script in the project's folder, like GitLab and Jenkins, with the stack's name in $STACK. */
  shell(script: string): Promise<Ended> {
    return this.withVariables({ STACK: this.name }, () => this.start("bash", ["-e", "-c", script]));
  }

  /** Runs `npx platform stacks` on all stacks with files in this stack's folder. */
  stacks(...args: string[]): Promise<Ended> {
    return this.start(process.execPath, [
      ...["bin/bundle.cjs", "cli/stacks/index.ts", ...args],
      ...["--config-dir", this.folder],
    ]);
  }

  /** Runs an action with other environment variables. */
  async withVariables<Result>(
    variables: NodeJS.ProcessEnv,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const former = { ...this.environment };
    Object.assign(this.environment, variables);
    try {
      return await work();
    } finally {
      Object.assign(this.environment, former);
    }
  }

  /** Starts `pulumi up` in the background: {@link startUpdate}. */
  startUp(...args: string[]): UpdateProcess {
    return startUpdate([...this.target(), ...args], this.environment);
  }

  /** Returns the stack's state in its backend. */
  async state(): Promise<StackState> {
    const read = this.backend.state?.(this.name);
    if (read !== undefined) return read;
    const exported = await this.run(["stack", "export", "--stack", this.name]);
    succeeded(exported);
    return JSON.parse(exported.stdout) as StackState;
  }

  /** Changes the stack's state in its backend. */
  async editState(change: (deployment: StackState["deployment"]) => void): Promise<void> {
    const state = await this.state();
    change(state.deployment);
    const file = join(this.folder, "state.json");
    writeFileSync(file, JSON.stringify(state));
    succeeded(await this.run(["stack", "import", "--stack", this.name, "--file", file]));
  }

  /** Waits until an update holds the stack's lock. */
  async waitForLock(): Promise<void> {
    const held = async () => (await this.locks()).length > 0;
    for (const end = Date.now() + 60_000; !(await held()); await sleep(20)) {
      if (Date.now() > end) throw new Error(`stack ${this.name} was not locked within 60 s`);
    }
  }

  /** Returns the names of the stack's locks. */
  locks(): Promise<string[]> {
    return this.backend.locks(this.name);
  }

  /** Removes the lock of a killed update. */
  unlock(): Promise<Ended> {
    return this.run(["cancel", "--yes", "--stack", this.name]);
  }

  /** Returns the stack's outputs. */
  async outputs(): Promise<Record<string, unknown>> {
    return outputsIn(await this.state());
  }

  /** Runs kubectl on the stack's cluster. */
  async kubectl(...args: string[]): Promise<string> {
    return succeeded(await this.start("kubectl", args));
  }

  /** Deletes the stack's files. */
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
    return this.start("pulumi", [...args, "--non-interactive"]);
  }

  private start(
    command: string,
    args: string[],
    { cwd = checkout, input = "" }: { cwd?: string; input?: string } = {},
  ): Promise<Printed> {
    return runCommand(command, args, { cwd, input, env: this.environment });
  }
}

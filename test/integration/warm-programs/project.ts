import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { localEnvironment } from "../../../local/commands/environment";
import { checkout } from "../../../local/toolchain/paths";
import { runCommand, succeeded, type Printed } from "../../support/results";

/** Declares no resource; `do` in the config of a stack says how it ends. It notes what earlier runs have left. */
const program = `
const pulumi = require("@pulumi/pulumi");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
// Without a stack trace, which the SDK takes half a minute to search (config/program-error.ts).
const short = (error) => Object.assign(error, { stack: error.message });
const leave = {
  refuse: () => short(new pulumi.RunError("refused on purpose")),
  fail: () => short(new Error("failed on purpose")),
};
module.exports = async () => {
  const config = new pulumi.Config();
  const what = config.get("do") ?? "succeed";
  const before = globalThis.runs ?? 0;
  globalThis.runs = before + 1;
  if (config.getBoolean("countRuns")) pulumi.log.info("runs before this one: " + before);
  if (config.getBoolean("countKept")) {
    if (before === 0) {
      globalThis.kept = 0;
      const keep = Module.flushCompileCache;
      Module.flushCompileCache = () => {
        globalThis.kept += 1;
        keep?.();
      };
    }
    pulumi.log.info("times that compiled code was kept: " + globalThis.kept);
  }
  if (what === "hold") {
    const held = new pulumi.ComponentResource("small:index:Held", "held", {}, { dependsOn: new Promise(() => {}) });
    new pulumi.ComponentResource("small:index:Below", "below", {}, { parent: held });
    throw leave.refuse();
  }
  if (leave[what]) throw leave[what]();
  if (what === "reject") void Promise.reject(short(new Error("rejected on purpose")));
  if (what === "late") setTimeout(() => new pulumi.ComponentResource("small:index:Late", "late"), 300);
  if (what === "exit") process.exit(3);
  if (what === "hang" || what === "spin") fs.writeFileSync(path.join(__dirname, what + ".runs"), "");
  if (what === "hang") await new Promise((resolve) => setTimeout(resolve, 600_000));
  if (what === "spin") for (;;);
  if (what === "wait") await new Promise((resolve) => setTimeout(resolve, 2_000));
  return {
    stack: pulumi.getStack(),
    project: pulumi.getProject(),
    organization: pulumi.getOrganization(),
    isPreview: pulumi.runtime.isDryRun(),
    folder: process.cwd(),
    config: Object.keys(pulumi.runtime.allConfig()).sort(),
    text: config.get("text"),
    token: config.getSecret("token"),
  };
};
`;

/** A project with a small program and its own state, in a temporary folder. */
export class SmallProject {
  readonly folder = mkdtempSync(join(tmpdir(), "warm-"));
  readonly environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...localEnvironment({ purpose: "test", state: join(this.folder, "state") }),
  };

  private first: string | undefined;

  constructor() {
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      stringify({ name: "small", main: "program.js", runtime }),
    );
    writeFileSync(join(this.folder, "package.json"), "{}");
    writeFileSync(join(this.folder, "program.js"), program);
    symlinkSync(join(checkout, "node_modules"), join(this.folder, "node_modules"));
  }

  /**
   * Creates a stack. Each but the first has its key and its state from that, which takes no run of the engine.
   * @param secrets config that is encrypted.
   */
  async stack(
    name: string,
    config: Record<string, string> = {},
    secrets: Record<string, string> = {},
  ): Promise<void> {
    const plain = Object.entries(config).map(([key, value]) => [`small:${key}`, value]);
    const values = { config: Object.fromEntries(plain) as object };
    const file = this.configFile(name);
    if (this.first === undefined) {
      writeFileSync(file, stringify(values));
      succeeded(await this.pulumi("stack", "init", "--no-select", name));
      this.first = name;
    } else {
      const { encryptionsalt } = parse(readFileSync(this.configFile(this.first), "utf8")) as {
        encryptionsalt: string;
      };
      writeFileSync(file, stringify({ encryptionsalt, ...values }));
      const state = readFileSync(this.stateFile(this.first), "utf8");
      writeFileSync(this.stateFile(name), state.replace(`/${this.first}"`, `/${name}"`));
    }
    for (const [key, value] of Object.entries(secrets)) {
      succeeded(await this.pulumi("config", "set", "--secret", "--stack", name, key, value));
    }
  }

  /** Runs a preview. */
  preview(stack: string, ...flags: string[]): Promise<Printed> {
    return this.pulumi("preview", "--stack", stack, "--color", "never", ...flags);
  }

  /** Whether the program of a stack that does not end has been started. */
  isRunning(stack: "hang" | "spin"): boolean {
    return existsSync(join(this.folder, `${stack}.runs`));
  }

  private configFile(stack: string): string {
    return join(this.folder, `Pulumi.${stack}.yaml`);
  }

  private stateFile(stack: string): string {
    return join(this.folder, `state/.pulumi/stacks/small/${stack}.json`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pulumi(...args: string[]): Promise<Printed> {
    const options = { cwd: this.folder, env: this.environment };
    return runCommand("pulumi", [...args, "--non-interactive"], options);
  }
}

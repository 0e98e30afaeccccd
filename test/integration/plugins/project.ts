import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { localEnvironment } from "../../../local/commands/environment";
import { checkout } from "../../../local/toolchain/paths";
import { usualPlaces } from "../../../local/toolchain/plugins";
import { succeeded, type Printed } from "../../support/results";

const SETTINGS = {
  "Pulumi.yaml": { name: "tiny", runtime: { name: "nodejs", options: { tsconfig: "fast.json" } } },
  "fast.json": { compilerOptions: { target: "es2022", module: "node20", noCheck: true } },
  "package.json": { main: "index.ts" },
};

export const RANDOM = `
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
const keepers = { round: new pulumi.Config().get("round") ?? "1" };
const salt = new random.RandomId("salt", { byteLength: 8, keepers });
const admin = new random.RandomPassword("admin", { length: 24, keepers: { salt: salt.hex } });
console.log("hello from the program");
console.error("and from its standard error");
export const hex = salt.hex;
export const password = admin.result;
export const hash = admin.bcryptHash;
`;

export const WAITING = `
import * as random from "@pulumi/random";
new random.RandomId("salt", { byteLength: 8 });
console.log("waiting");
export = () => new Promise((done) => setTimeout(done, 600_000));
`;

/** A separate Pulumi project with its own state, in a temporary folder. */
export class Project {
  readonly root = mkdtempSync(join(tmpdir(), "plugins-"));
  private readonly home = join(this.root, "home");

  constructor() {
    for (const [name, content] of Object.entries(SETTINGS)) {
      this.write(name, JSON.stringify(content));
    }
    symlinkSync(join(checkout, "node_modules"), join(this.root, "node_modules"));
    mkdirSync(this.home);
    // Official plugins are used if the user has installed them.
    const { installed } = usualPlaces();
    if (existsSync(installed)) symlinkSync(installed, join(this.home, "plugins"));
  }

  write(name: string, text: string): void {
    mkdirSync(join(this.root, name, ".."), { recursive: true });
    writeFileSync(join(this.root, name), text);
  }

  environment(): NodeJS.ProcessEnv {
    const state = join(this.root, "state");
    return { ...process.env, ...localEnvironment({ state }), PULUMI_HOME: this.home };
  }

  /** Runs pulumi and returns its result. */
  pulumi(...args: string[]): Printed {
    const {
      status: code,
      stdout,
      stderr,
      error,
    } = spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.root,
      env: this.environment(),
      encoding: "utf8",
    });
    if (error) throw error;
    return { code, stdout, output: stripVTControlCharacters(stdout + stderr) };
  }

  /** Runs pulumi, which must succeed. */
  run(...args: string[]): string {
    return succeeded(this.pulumi(...args));
  }

  outputs(): Record<string, string> {
    const { stdout } = this.pulumi("stack", "output", "--json", "--show-secrets");
    return JSON.parse(stdout) as Record<string, string>;
  }

  /** Returns the stored state. */
  state(): string {
    return this.pulumi("stack", "export").stdout;
  }

  /** Returns the types of the resources in the state. */
  types(): string[] {
    const { deployment } = JSON.parse(this.state()) as {
      deployment: { resources?: { type: string }[] };
    };
    return (deployment.resources ?? []).map(({ type }) => type).sort();
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { localEnvironment } from "../../../local/commands/environment";
import { checkout } from "../../../local/toolchain/paths";
import { usualPlaces } from "../../../local/toolchain/plugins";
import { succeeded, type Printed } from "../../support/results";

/** Language of a program. One in JavaScript starts without the compiler. */
type Language = "typescript" | "javascript";

/** File of the program. */
const mains: Record<Language, string> = { typescript: "index.ts", javascript: "index.js" };

function settings(language: Language): Record<string, object> {
  const options = language === "typescript" ? { tsconfig: "fast.json" } : { typescript: false };
  return {
    "Pulumi.yaml": { name: "tiny", runtime: { name: "nodejs", options } },
    "fast.json": { compilerOptions: { target: "es2022", module: "node20", noCheck: true } },
    "package.json": { main: mains[language] },
  };
}

export const RANDOM = `
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
const keepers = { round: new pulumi.Config().get("round") ?? "1" };
const salt = new random.RandomId("salt", { byteLength: 8, keepers });
const admin = new random.RandomPassword("admin", { length: 24, keepers: { salt: salt.hex } });
const old = new random.RandomPassword("old", { length: 7 }, { import: "hunter2" });
console.log("hello from the program");
console.error("and from its standard error");
export const hex = salt.hex;
export const password = admin.result;
export const hash = admin.bcryptHash;
export const imported = old.result;
`;

/** Returns a program in JavaScript that creates a resource, and then waits. */
export const waiting = (resource: string): string => `
const random = require("@pulumi/random");
new random.RandomId("${resource}", { byteLength: 8 });
console.log("waiting");
module.exports = () => new Promise((done) => setTimeout(done, 600_000));
`;

/** A separate Pulumi project with its own state, in a temporary folder. */
export class Project {
  readonly root = mkdtempSync(join(tmpdir(), "plugins-"));
  private readonly home = join(this.root, "home");

  constructor(private readonly language: Language) {
    for (const [name, content] of Object.entries(settings(language))) {
      this.write(name, JSON.stringify(content));
    }
    symlinkSync(join(checkout, "node_modules"), join(this.root, "node_modules"));
    mkdirSync(this.home);
    // Official plugins are used if the user has installed them.
    const { installed } = usualPlaces();
    if (existsSync(installed)) symlinkSync(installed, join(this.home, "plugins"));
  }

  /** Replaces the program. */
  program(text: string): void {
    this.write(mains[this.language], text);
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
    return readFileSync(join(this.root, "state/.pulumi/stacks/tiny/dev.json"), "utf8");
  }

  /** Returns the types of the resources in the state. */
  types(): string[] {
    const { checkpoint } = JSON.parse(this.state()) as {
      checkpoint: { latest?: { resources?: { type: string }[] } };
    };
    return (checkpoint.latest?.resources ?? []).map(({ type }) => type).sort();
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

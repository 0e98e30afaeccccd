import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { localEnvironment } from "../../local/commands/environment";
import { checkout, launchers } from "../../local/toolchain/paths";
import { usualPlaces } from "../../local/toolchain/plugins";
import { alive, descendants, end, isOfficialPlugin } from "../support/processes";
import { standInDocker } from "../unit/plugins/docker/stand-in";

/** Milliseconds in which a plugin must end after its engine. */
const GRACE = 5000;

const SETTINGS = {
  "Pulumi.yaml": { name: "tiny", runtime: { name: "nodejs", options: { tsconfig: "fast.json" } } },
  "fast.json": { compilerOptions: { target: "es2022", module: "node20", noCheck: true } },
  "package.json": { main: "index.ts" },
};

const RANDOM = `
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

const WAITING = `
import * as random from "@pulumi/random";
new random.RandomId("salt", { byteLength: 8 });
console.log("waiting");
export = () => new Promise((done) => setTimeout(done, 600_000));
`;

/** A separate Pulumi project with its own state, in a temporary folder. */
class Project {
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
  pulumi(...args: string[]): { status: number | null; stdout: string; output: string } {
    const { status, stdout, stderr, error } = spawnSync(
      "pulumi",
      [...args, "--non-interactive", "--color", "never"],
      { cwd: this.root, env: this.environment(), encoding: "utf8" },
    );
    if (error) throw error;
    return { status, stdout, output: stripVTControlCharacters(stdout + stderr) };
  }

  /** Runs pulumi, which must succeed. */
  run(...args: string[]): string {
    const { status, output } = this.pulumi(...args);
    assert.equal(status, 0, `pulumi ${args.join(" ")}:\n${output}`);
    return output;
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

describe("plugins", function () {
  this.timeout(120_000);
  let project: Project;

  beforeEach(() => {
    project = new Project();
    project.run("stack", "init", "dev");
  });
  afterEach(() => project.remove());

  it("carry random resources from preview to destroy", () => {
    project.write("index.ts", RANDOM);
    const preview = project.run("preview");
    assert.match(preview, /hello from the program/);
    assert.match(preview, /and from its standard error/);
    assert.match(preview, /\+ 3 to create/);
    assert.deepEqual(project.types(), []);

    const up = project.run("up", "--yes", "--skip-preview");
    const first = project.outputs();
    assert.equal(first.password?.length, 24);
    assert.match(first.hex ?? "", /^[0-9a-f]{16}$/);
    assert.match(first.hash ?? "", /^\$2a\$10\$/);
    const state = project.state();
    for (const secret of [first.password!, first.hash!]) {
      assert.ok(!up.includes(secret), "a secret in the update's output");
      assert.ok(!state.includes(secret), "a secret in the state");
    }

    project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(project.outputs(), first);

    project.run("config", "set", "round", "2");
    assert.match(project.run("preview"), /\+-2 to replace/);
    project.run("up", "--yes", "--skip-preview");
    const second = project.outputs();
    assert.notEqual(second.hex, first.hex);
    assert.notEqual(second.password, first.password);

    project.run("destroy", "--yes", "--skip-preview");
    assert.deepEqual(project.types(), []);
  });

  it("import what exists already", () => {
    project.write(
      "index.ts",
      `import * as random from "@pulumi/random";
const options = { import: "hunter2" };
export const password = new random.RandomPassword("old", { length: 7 }, options).result;`,
    );
    project.run("up", "--yes", "--skip-preview");
    assert.equal(project.outputs().password, "hunter2");
    assert.ok(!project.state().includes('"result": "hunter2"'));
    project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("show a program's error where it was thrown, and change nothing", () => {
    project.write("index.ts", RANDOM);
    project.run("up", "--yes", "--skip-preview");
    const before = project.types();
    project.write(
      "index.ts",
      `interface Shop { open: boolean }

function check(shop: Shop): void {
  if (!shop.open) throw new Error("the shop is closed");
}
check({ open: false });`,
    );
    const { status, output } = project.pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(status, 0);
    assert.match(output, /Error: the shop is closed\n\s+at check \(.*index\.ts:4:\d+/);
    assert.deepEqual(project.types(), before);
  });

  it("report a program that ends itself", () => {
    project.write("index.ts", `process.exit(7);`);
    const { status, output } = project.pulumi("preview");
    assert.notEqual(status, 0);
    assert.match(output, /exited with non-zero exit code: 7/);
  });

  for (const { signal, to } of [
    { signal: "SIGINT", to: "the terminal's whole group" },
    { signal: "SIGKILL", to: "the engine alone" },
  ] as const) {
    it(`leave no process behind after ${signal} to ${to}`, async () => {
      project.write("index.ts", WAITING);
      const args = ["up", "--yes", "--skip-preview", "--non-interactive"];
      const engine = spawn("pulumi", args, {
        ...{ cwd: project.root, env: project.environment(), detached: true },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const pid = engine.pid!;
      let shown = "";
      engine.stdout.on("data", (data) => (shown += String(data)));
      engine.stderr.on("data", (data) => (shown += String(data)));
      while (!/waiting/.test(shown) || !/salt created/.test(shown)) {
        assert.equal(engine.exitCode, null, shown);
        await sleep(50);
      }
      const started = [{ pid, name: "pulumi" }, ...descendants(pid)];
      // The engine, the language host, the program, the plugin.
      assert.ok(started.length >= 4, `only ${started.length} processes`);
      const ends = started.filter(({ name }) => signal === "SIGINT" || !isOfficialPlugin(name));
      process.kill(signal === "SIGINT" ? -pid : pid, signal);
      const deadline = Date.now() + GRACE;
      while (ends.some(alive) && Date.now() < deadline) await sleep(50);
      const left = ends.filter(alive);
      for (const process of started.filter(alive)) end(process);
      assert.deepEqual(left, []);
    });
  }

  it("build images by the docker command, in updates only", function () {
    project.environment();
    if (!existsSync(join(launchers, "pulumi-resource-docker"))) {
      console.log("    skipped: the official plugin speaks to Docker itself, not by the command");
      this.skip();
    }
    // The user's own HOME, in which the tools' cache is.
    const docker = standInDocker(`case "$*" in *.Id*) echo sha256:abc;; esac`, process.env.HOME);
    try {
      project.write("app/Dockerfile", "FROM scratch\n");
      project.write(
        "index.ts",
        `import * as docker from "@pulumi/docker";
const build = { context: "app", args: { VERSION: "1" } };
export const id = new docker.Image("app", { imageName: "shop/web:1", build, skipPush: true }).repoDigest;`,
      );
      project.run("preview");
      assert.deepEqual(docker.calls(), []);
      project.run("up", "--yes", "--skip-preview");
      assert.equal(project.outputs().id, "sha256:abc");
      const calls = docker.calls();
      assert.deepEqual(
        calls.map(({ args }) => args[0]),
        ["version", "build", "image"],
      );
      project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
      project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
      project.write("app/Dockerfile", "FROM other\n");
      assert.match(project.run("preview", "--diff"), /contextDigest/);
      assert.equal(docker.calls().length, calls.length);
      project.run("destroy", "--yes", "--skip-preview");
    } finally {
      docker.remove();
    }
  });
});

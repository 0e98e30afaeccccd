import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launchers } from "../../local/toolchain/paths";
import { alive, descendants, end, isOfficialPlugin } from "../support/processes";
import { standInDocker } from "../unit/plugins/docker/stand-in";
import { RANDOM, WAITING, Project } from "./plugins/project";
import { failedWith } from "../support/results";
import { until, untilEqual } from "../support/until";

/** Seconds in which a plugin ends after its engine, also on a busy machine. */
const GRACE = 30;

describe("plugins", () => {
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
    const failed = project.pulumi("up", "--yes", "--skip-preview");
    failedWith(failed, /Error: the shop is closed\n\s+at check \(.*index\.ts:4:\d+/);
    assert.deepEqual(project.types(), before);
  });

  it("report a program that ends itself", () => {
    project.write("index.ts", `process.exit(7);`);
    failedWith(project.pulumi("preview"), /exited with non-zero exit code: 7/);
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
      await until("the program waits, and its resource is created", 240, () => {
        assert.equal(engine.exitCode, null, shown);
        return /waiting/.test(shown) && /salt created/.test(shown);
      });
      const started = [{ pid, name: "pulumi" }, ...descendants(pid)];
      // The engine, the language host, the program, the plugin.
      assert.ok(started.length >= 4, `only ${started.length} processes`);
      const ends = started.filter(({ name }) => signal === "SIGINT" || !isOfficialPlugin(name));
      process.kill(signal === "SIGINT" ? -pid : pid, signal);
      await untilEqual(GRACE, () => ends.filter(alive), []).finally(() => {
        for (const process of started.filter(alive)) end(process);
      });
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

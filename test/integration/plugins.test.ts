import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launchers } from "../../local/toolchain/paths";
import { alive, descendants, end, isOfficialPlugin } from "../support/processes";
import { standInDocker } from "../unit/plugins/docker/stand-in";
import { RANDOM, waiting, Project } from "./plugins/project";
import { failedWith } from "../support/results";
import { until, untilEqual } from "../support/until";

/** Seconds in which a plugin ends after its engine, also on a busy machine. */
const GRACE = 30;

describe("plugins", () => {
  let project: Project;

  function use(language: ConstructorParameters<typeof Project>[0]): void {
    before(() => {
      project = new Project(language);
      project.run("stack", "init", "dev");
    });
    after(() => project?.remove());
  }

  describe("of a program in TypeScript", () => {
    use("typescript");
    let first: Record<string, string>;

    it("create random resources, import existing ones, and show what the program prints", () => {
      project.program(RANDOM);
      const up = project.run("up", "--yes", "--skip-preview");
      assert.match(up, /hello from the program/);
      assert.match(up, /and from its standard error/);
      assert.match(up, /\+ 3 created/);
      assert.match(up, /= 1 imported/);
      first = project.outputs();
      assert.equal(first.password?.length, 24);
      assert.match(first.hex ?? "", /^[0-9a-f]{16}$/);
      assert.match(first.hash ?? "", /^\$2a\$10\$/);
      assert.equal(first.imported, "hunter2");
      const state = project.state();
      for (const secret of [first.password!, first.hash!]) {
        assert.ok(!up.includes(secret), "a secret in the update's output");
        assert.ok(!state.includes(secret), "a secret in the state");
      }
      assert.doesNotMatch(state, /"result": ?"hunter2"/);
    });

    it("change nothing in a second update or a refresh", () => {
      project.run("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes");
      // A refresh that read other values counts as no change, but would show in the outputs.
      assert.deepEqual(project.outputs(), first);
    });

    it("replace resources whose inputs change", () => {
      const up = project.run("up", "--yes", "--skip-preview", "--config", "round=2");
      assert.match(up, /\+-2 replaced/);
      const second = project.outputs();
      assert.notEqual(second.hex, first.hex);
      assert.notEqual(second.password, first.password);
      assert.equal(second.imported, first.imported);
    });

    it("show a program's error where it was thrown, and change nothing", () => {
      const before = project.types();
      project.program(
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

    it("destroy what they created", () => {
      assert.ok(project.types().length > 4);
      project.run("destroy", "--yes", "--skip-preview");
      assert.deepEqual(project.types(), []);
    });
  });

  describe("of a program in JavaScript", () => {
    use("javascript");

    it("build images with the docker command, in updates only", function () {
      project.environment();
      if (!existsSync(join(launchers, "pulumi-resource-docker"))) {
        console.log("    skipped: the official plugin speaks to Docker itself, not by the command");
        this.skip();
      }
      // The user's own HOME, in which the tools' cache is.
      const docker = standInDocker(`case "$*" in *.Id*) echo sha256:abc;; esac`, process.env.HOME);
      try {
        project.write("app/Dockerfile", "FROM scratch\n");
        project.program(
          `const docker = require("@pulumi/docker");
  const build = { context: "app", args: { VERSION: "1" } };
  exports.id = new docker.Image("app", { imageName: "shop/web:1", build, skipPush: true }).repoDigest;`,
        );
        project.run("up", "--yes", "--skip-preview");
        assert.equal(project.outputs().id, "sha256:abc");
        const calls = docker.calls();
        assert.deepEqual(
          calls.map(({ args }) => args[0]),
          ["version", "build", "image"],
        );
        project.write("app/Dockerfile", "FROM other\n");
        const preview = project.run("preview", "--refresh", "--diff");
        assert.match(preview, /contextDigest/);
        assert.match(preview, /[+~-]+ ?1 to (update|replace)/);
        assert.equal(docker.calls().length, calls.length);
      } finally {
        docker.remove();
      }
    });

    // The last of these leaves a lock.
    for (const { signal, to } of [
      { signal: "SIGINT", to: "the terminal's whole group" },
      { signal: "SIGKILL", to: "the engine alone" },
    ] as const) {
      it(`leave no process behind after ${signal} to ${to}`, async () => {
        project.program(waiting(signal));
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
          return /waiting/.test(shown) && shown.includes(`${signal} created`);
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
  });
});

import assert from "node:assert/strict";
import { verbOf } from "../../../../cli/verbs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tools } from "../../../../local/toolchain/tools";
import { document, definitions, job } from "./jobs";

const jobs = Object.keys(definitions).filter((name) => !name.startsWith("."));

describe("the pipeline", () => {
  it("consists of jobs with a known stage and a script, and extends nothing unknown", () => {
    assert.ok(jobs.length > 5);
    for (const name of jobs) {
      const { stage, script, trigger } = job(name);
      assert.ok(document.stages.includes(stage ?? ""), name);
      assert.ok((script ?? []).length > 0 || trigger !== undefined, name);
    }
  });

  it("runs only existing commands", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const lines = [document.default, ...jobs.map((name) => job(name))].flatMap((it) => [
      ...(it.before_script ?? []),
      ...(it.script ?? []),
    ]);
    const used = lines.flatMap((line) => /npm run (?:-s )?([a-z:0-9]+)/.exec(line)?.[1] ?? []);
    const ofPlatform = lines.flatMap((line) => /npx platform (.*)/.exec(line)?.[1] ?? []);
    assert.ok(used.length > 3 && ofPlatform.length > 0);
    for (const name of used) assert.ok(name in scripts, name);
    for (const line of ofPlatform) assert.ok(verbOf(line.split(" ")), line);
  });

  for (const name of [".preview", ".plan"]) {
    for (const code of [0, 1, 3]) {
      it(`ends ${name} with the preview's own exit code ${code}`, () => {
        const commands = `npx() { return ${code}; }; node() { :; }; cat() { :; }`;
        const script = [commands, ...(job(name).script ?? [])].join("\n");
        const folder = mkdtempSync(join(tmpdir(), "job-"));
        const { status } = spawnSync("bash", ["-e", "-c", script], {
          cwd: folder,
          env: { STACK: "prod", PATH: process.env.PATH },
        });
        rmSync(folder, { recursive: true });
        assert.equal(status, code);
      });
    }
  }

  it("does not treat a broken rule as a danger that people may accept", () => {
    for (const name of [".preview", ".plan"]) {
      assert.deepEqual(job(name).allow_failure?.exit_codes, [3]);
    }
  });

  for (const code of [0, 1, 2, 3]) {
    it(`ends a check of canaries with its own exit code ${code}, and reports if there was none`, () => {
      const commands = `npx() { return ${code}; }`;
      const script = [commands, ...(job(".canaries").script ?? [])].join("\n");
      const { status, stderr } = spawnSync("bash", ["-e", "-c", script], {
        env: { STACK: "prod" },
        encoding: "utf8",
      });
      assert.equal(status, code);
      assert.equal(stderr.includes("could not be checked"), code === 3);
    });
  }

  it("runs every test: format, lint, types, unit, integration, end to end", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const [, kinds = ""] = /test\/run\/index\.ts (.*)$/.exec(scripts.test ?? "") ?? [];
    const all = ["check", ...kinds.split(" ").map((kind) => `test:${kind}`)];
    assert.equal(all.length, 4);
    assert.match(scripts.test ?? "", /npm run -s check/);
    const inCi = jobs.filter((name) => job(name).stage === "test").flatMap((it) => job(it).script);
    for (const name of all) assert.ok(inCi.includes(`npm run -s ${name}`), name);
  });

  it("needs jobs that run whenever the job itself does", () => {
    for (const name of jobs) {
      for (const need of job(name).needs ?? []) {
        const needed = typeof need === "string" ? need : need.job;
        assert.ok(jobs.includes(needed), `${name} needs ${needed}`);
      }
    }
  });

  it("uses the engine that the project pins", () => {
    const engine = tools.find(({ name }) => name === "pulumi");
    assert.equal(document.variables.ENGINE_IMAGE, `pulumi/pulumi:${engine?.version}`);
  });

  it("caches tools and packages between jobs, but no credentials", () => {
    for (const name of jobs.filter((each) => job(each).trigger === undefined)) {
      const paths = (job(name).cache ?? []).flatMap((cache) => cache.paths);
      assert.ok(paths.includes(".cache/npm"), name);
      // It runs neither tools nor the engine.
      const needsMore = name !== "owners";
      assert.equal(
        paths.some((path) => path !== ".cache/npm"),
        needsMore,
        name,
      );
      // The engine stores credentials next to its plugins.
      assert.ok(!paths.includes(".cache/pulumi") && !paths.includes(".cache"), name);
    }
  });

  it("runs the suite with the official plugins every night, and compares", () => {
    const { rules, script } = job("official-plugins");
    assert.match(rules?.[0]?.if ?? "", /"schedule" && \$SCHEDULE == "nightly"/);
    assert.deepEqual(script, [".ci/official-plugins"]);
    const steps = readFileSync(".ci/official-plugins", "utf8");
    assert.match(steps, /^folder=\$\(npx platform plugins official\)$/m);
    assert.match(steps, /^npm test\nnpx platform plugins compare "\$folder"$/m);
  });

  it("shows no secret and names no cluster's key", () => {
    const text = readFileSync(".gitlab-ci.yml", "utf8");
    assert.doesNotMatch(text, /glpat-|BEGIN [A-Z ]*PRIVATE KEY|password:/);
  });
});

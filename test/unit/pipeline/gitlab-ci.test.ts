import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { tools } from "../../../local/toolchain/tools";
import { stackFileConfig, stacks } from "../../../config/stack-file";

interface Job {
  extends?: string | string[];
  stage?: string;
  script?: string[];
  before_script?: string[];
  needs?: (string | { job: string })[];
  rules?: { if: string; when?: string }[];
  variables?: Record<string, string>;
  resource_group?: string;
  interruptible?: boolean;
  allow_failure?: { exit_codes: number[] };
  artifacts?: { paths: string[]; reports: Record<string, string> };
  environment?: { name: string; action: string };
  cache?: { paths: string[] }[];
  timeout?: string;
}

const keywords = ["stages", "workflow", "variables", "default"];
const document = parse(readFileSync(".gitlab-ci.yml", "utf8"), { merge: true }) as Record<
  string,
  unknown
> & { stages: string[]; default: Job; variables: Record<string, string> };
const definitions = Object.fromEntries(
  Object.entries(document).filter(([name]) => !keywords.includes(name)),
) as Record<string, Job>;
const jobs = Object.keys(definitions).filter((name) => !name.startsWith("."));

/** A job with all that it extends, as GitLab merges it: maps by key, lists and the rest as a whole. */
function job(name: string): Job {
  const own = definitions[name];
  assert.ok(own !== undefined, `there is no job ${name}`);
  const parents = [own.extends ?? []].flat().map(job);
  return [...parents, own].reduce<Job>(
    (merged, part) => ({
      ...merged,
      ...part,
      variables: { ...merged.variables, ...part.variables },
    }),
    {},
  );
}

// A developer's own machine brings the dev stack up.
const deployed = stacks().filter((stack) => stack !== "dev");

describe("the pipeline", () => {
  it("is made of jobs with a known stage and a script, and extends nothing unknown", () => {
    assert.ok(jobs.length > 5);
    for (const name of jobs) {
      const { stage, script } = job(name);
      assert.ok(document.stages.includes(stage ?? ""), name);
      assert.ok((script ?? []).length > 0, name);
    }
  });

  it("runs commands that there are", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const lines = [document.default, ...jobs.map(job)].flatMap((it) => [
      ...(it.before_script ?? []),
      ...(it.script ?? []),
    ]);
    const used = lines.flatMap((line) => /npm run (?:-s )?([a-z:0-9]+)/.exec(line)?.[1] ?? []);
    assert.ok(used.length > 5);
    for (const name of used) assert.ok(name in scripts, name);
  });

  for (const name of [".preview", ".plan"]) {
    for (const code of [0, 1, 3]) {
      it(`ends ${name} with the preview's own exit code ${code}`, () => {
        const commands = `npm() { return ${code}; }; node() { :; }; cat() { :; }`;
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

  it("takes no broken rule for a danger that people may accept", () => {
    for (const name of [".preview", ".plan"]) {
      assert.deepEqual(job(name).allow_failure?.exit_codes, [3]);
    }
  });

  for (const code of [0, 1, 2, 3]) {
    it(`ends a check of canaries with its own exit code ${code}, and says when there was none`, () => {
      const commands = `npm() { return ${code}; }`;
      const script = [commands, ...(job(".canaries").script ?? [])].join("\n");
      const { status, stderr } = spawnSync("bash", ["-e", "-c", script], {
        env: { STACK: "prod" },
        encoding: "utf8",
      });
      assert.equal(status, code);
      assert.equal(stderr.includes("could not be checked"), code === 3);
    });
  }

  for (const [due, token, code, pushes] of [
    [false, "", 0, false],
    [true, "secret", 0, true],
    [true, "", 1, false],
  ] as const) {
    const step = due ? "a step that is due" : "no step";
    it(`ends with ${code} for ${step}, ${token === "" ? "without" : "with"} a token`, () => {
      // Stand-ins: git says another commit after the command where a step is due.
      const commands = `head=1
npm() { ${due ? "head=2" : ":"}; }
git() { case "$1" in rev-parse) echo $head;; push) echo pushed;; esac; }`;
      const script = [commands, ...(job(".advance").script ?? [])].join("\n");
      const env = { STACK: "prod", ADVANCE_TOKEN: token };
      const { status, stdout } = spawnSync("bash", ["-e", "-c", script], { env, encoding: "utf8" });
      assert.equal(status, code);
      assert.equal(stdout.includes("pushed"), pushes);
    });
  }

  it("runs every test: format, lint, types, unit, integration, end to end", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const all = scripts.test?.matchAll(/npm run -s ([a-z:0-9]+)/g) ?? [];
    const inCi = jobs.filter((name) => job(name).stage === "test").flatMap((it) => job(it).script);
    for (const [, name = ""] of all) {
      if (name !== "ensure") assert.ok(inCi.includes(`npm run -s ${name}`), name);
    }
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

  it("keeps tools and packages from one job to the next, and no credentials", () => {
    for (const name of jobs) {
      const paths = (job(name).cache ?? []).flatMap((cache) => cache.paths);
      assert.ok(paths.includes(".cache/npm"), name);
      assert.ok(
        paths.some((path) => path !== ".cache/npm"),
        name,
      );
      // The engine writes credentials beside its plugins.
      assert.ok(!paths.includes(".cache/pulumi") && !paths.includes(".cache"), name);
    }
  });

  for (const stack of deployed) {
    describe(`of stack ${stack}`, () => {
      const of = (verb: string) => job(`${verb}:${stack}`);
      const own = ["preview", "plan", "up", "drift", "canaries", "advance"];

      it("works on the stack one job at a time, with its own kubeconfig", () => {
        const { kubeconfig } = stackFileConfig(stack)["platform:cluster"] as Record<string, string>;
        for (const verb of own) {
          const { resource_group: group, variables, environment } = of(verb);
          assert.equal(group, "$STACK", verb);
          assert.equal(variables?.STACK, stack, verb);
          assert.equal(variables?.KUBECONFIG_PATH, kubeconfig, verb);
          // Whoever may not deploy to a protected environment gets none of its jobs.
          assert.equal(environment?.name, verb === "up" ? stack : `${stack}-preview`, verb);
        }
      });

      it("comments on merge requests, and warns of dangers", () => {
        const { rules, script, allow_failure: allowed, artifacts } = of("preview");
        assert.deepEqual(rules, [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
        assert.match(script?.join() ?? "", /preview -- "\$STACK" .*--post/);
        assert.deepEqual(allowed?.exit_codes, [3]);
        assert.equal(artifacts?.reports.terraform, "preview.json");
      });

      it("applies on the default branch only, by hand, the plan that was made there", () => {
        const onDefault =
          '$CI_PIPELINE_SOURCE != "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';
        const { rules, script, needs, interruptible, environment } = of("up");
        assert.deepEqual(rules, [{ if: onDefault, when: "manual" }]);
        assert.deepEqual(script, ['npm run -s up -- "$STACK" --plan-hash "$PLAN_HASH"']);
        assert.deepEqual(needs, [`plan:${stack}`]);
        assert.equal(interruptible, false);
        assert.equal(environment?.action, "start");
        const plan = of("plan");
        assert.deepEqual(plan.rules, [{ if: onDefault }]);
        assert.equal(plan.artifacts?.reports.dotenv, "plan.env");
        assert.ok(plan.artifacts?.paths.includes(".local/previews"));
        assert.match(plan.script?.join("\n") ?? "", /PLAN_HASH=.*> plan\.env\n.*exit \$code/s);
        assert.doesNotMatch(plan.script?.join() ?? "", /--post/);
      });

      it("looks for drift every night, without changing anything", () => {
        const { rules, script } = of("drift");
        assert.match(rules?.[0]?.if ?? "", /"schedule" && \$SCHEDULE == "nightly"/);
        assert.match(script?.join() ?? "", /pulumi refresh .*--preview-only --expect-no-changes/);
      });

      it("makes the next step of canaries on a schedule, as a merge request that merges itself", () => {
        const { rules, script } = of("advance");
        assert.match(rules?.[0]?.if ?? "", /"schedule" && \$SCHEDULE == "advance"/);
        const commands = script?.join("\n") ?? "";
        assert.match(commands, /release -- advance --all --commit --stack "\$STACK"/);
        assert.match(commands, /merge_request\.merge_when_pipeline_succeeds/);
      });

      it("checks canaries on a schedule", () => {
        const { rules, script } = of("canaries");
        assert.match(rules?.[0]?.if ?? "", /"schedule" && \$SCHEDULE == "canary"/);
        assert.ok(script?.includes('npm run -s release -- checks --stack "$STACK" || code=$?'));
      });
    });
  }

  it("runs the suite with the official plugins every night, and compares", () => {
    const { rules, script } = job("official-plugins");
    assert.match(rules?.[0]?.if ?? "", /"schedule" && \$SCHEDULE == "nightly"/);
    assert.deepEqual(script, [".ci/official-plugins"]);
    const steps = readFileSync(".ci/official-plugins", "utf8");
    assert.match(steps, /^folder=\$\(npm run -s official-plugins\)$/m);
    assert.match(steps, /^npm test\nnpm run -s compare -- "\$folder"$/m);
  });

  it("shows no secret and names no cluster's key", () => {
    const text = readFileSync(".gitlab-ci.yml", "utf8");
    assert.doesNotMatch(text, /glpat-|BEGIN [A-Z ]*PRIVATE KEY|password:/);
  });
});

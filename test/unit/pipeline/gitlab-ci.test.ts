import assert from "node:assert/strict";
import { verbOf } from "../../../cli/verbs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { childPipeline, modes, type Mode } from "../../../cli/pipeline/gitlab";
import { discover } from "../../../cli/stacks/discover";
import { tools } from "../../../local/toolchain/tools";
import { stackFileConfig, stacks } from "../../../config/stack-file";

interface Job {
  extends?: string | string[];
  stage?: string;
  script?: string[];
  before_script?: string[];
  needs?: (string | { job: string })[];
  rules?: { if: string; when?: string; variables?: Record<string, string> }[];
  variables?: Record<string, string>;
  resource_group?: string;
  interruptible?: boolean;
  when?: string;
  allow_failure?: { exit_codes: number[] };
  artifacts?: { paths: string[]; reports: Record<string, string> };
  environment?: { name: string; action: string };
  cache?: { paths: string[] }[];
  timeout?: string;
  trigger?: { strategy?: string; include: { artifact: string; job: string }[] };
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

/** Returns a job with everything that it extends, merged like in GitLab: maps by key, all other values as a whole. */
function job(name: string, among: Record<string, Job> = definitions): Job {
  const own = among[name];
  assert.ok(own !== undefined, `there is no job ${name}`);
  const parents = [own.extends ?? []].flat().map((each) => job(each, among));
  return [...parents, own].reduce<Job>(
    (merged, part) => ({
      ...merged,
      ...part,
      variables: { ...merged.variables, ...part.variables },
    }),
    {},
  );
}

/** The jobs of all stacks by purpose: those of the child pipeline that `stacks pipeline` writes. */
const children = Object.fromEntries(
  Object.entries(modes).flatMap(([mode, kinds]) => {
    const entries = discover(".").filter(({ name }) => name !== "dev");
    const child = childPipeline(mode as Mode, entries, readFileSync(".gitlab-ci.yml", "utf8"));
    return kinds.map((kind) => [kind, parse(child) as Record<string, Job>]);
  }),
);

/** Returns the rules of the job that writes a child pipeline, which decide when its jobs run. */
const rulesOf = (mode: string) => job(`stacks:${mode}`).rules;

/** Returns what a schedule does with every stack. */
function scheduled(schedule: string) {
  const rule = (rulesOf("watch") ?? []).find(({ if: condition }) =>
    condition.endsWith(`"schedule" && $SCHEDULE == "${schedule}"`),
  );
  return rule?.variables;
}

// The dev stack runs on developers' own machines.
const deployed = stacks().filter((stack) => stack !== "dev");

describe("the pipeline", () => {
  it("is made of jobs with a known stage and a script, and extends nothing unknown", () => {
    assert.ok(jobs.length > 5);
    for (const name of jobs) {
      const { stage, script, trigger } = job(name);
      assert.ok(document.stages.includes(stage ?? ""), name);
      assert.ok((script ?? []).length > 0 || trigger !== undefined, name);
    }
  });

  it("runs commands that there are", () => {
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

  it("takes no broken rule for a danger that people may accept", () => {
    for (const name of [".preview", ".plan"]) {
      assert.deepEqual(job(name).allow_failure?.exit_codes, [3]);
    }
  });

  for (const code of [0, 1, 2, 3]) {
    it(`ends a check of canaries with its own exit code ${code}, and says when there was none`, () => {
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

  it("keeps tools and packages from one job to the next, and no credentials", () => {
    for (const name of jobs.filter((each) => job(each).trigger === undefined)) {
      const paths = (job(name).cache ?? []).flatMap((cache) => cache.paths);
      assert.ok(paths.includes(".cache/npm"), name);
      assert.ok(
        paths.some((path) => path !== ".cache/npm"),
        name,
      );
      // The engine stores credentials next to its plugins.
      assert.ok(!paths.includes(".cache/pulumi") && !paths.includes(".cache"), name);
    }
  });

  for (const stack of deployed) {
    describe(`of stack ${stack}`, () => {
      const of = (verb: string) => job(`${verb}:${stack}`, children[verb]);
      const own = ["preview", "plan", "up", "drift", "canaries", "advance"];

      it("works on the stack one job at a time, with its own kubeconfig", () => {
        const { kubeconfig } = stackFileConfig(stack)["platform:cluster"] as Record<string, string>;
        for (const verb of own) {
          const { resource_group: group, variables, environment } = of(verb);
          assert.equal(group, "$STACK", verb);
          assert.equal(variables?.STACK, stack, verb);
          assert.equal(variables?.KUBECONFIG_PATH, kubeconfig, verb);
          // A user who cannot deploy to a protected environment gets none of its jobs.
          assert.equal(environment?.name, verb === "up" ? stack : `${stack}-preview`, verb);
        }
      });

      it("comments on merge requests, and warns of dangers", () => {
        const { script, allow_failure: allowed, artifacts } = of("preview");
        assert.deepEqual(rulesOf("preview"), [
          { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        ]);
        assert.match(script?.join() ?? "", /preview "\$STACK" .*--post/);
        assert.deepEqual(allowed?.exit_codes, [3]);
        assert.equal(artifacts?.reports.terraform, "preview.json");
      });

      it("applies on the default branch only, by hand, the plan that was made there", () => {
        const onDefault =
          '$CI_PIPELINE_SOURCE != "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';
        const { when, script, needs, interruptible, environment } = of("up");
        assert.deepEqual(rulesOf("update"), [{ if: onDefault }]);
        assert.equal(when, "manual");
        assert.deepEqual(script, ['npx platform up "$STACK" --plan-hash "$PLAN_HASH"']);
        assert.deepEqual(needs, [`plan:${stack}`]);
        assert.equal(interruptible, false);
        assert.equal(environment?.action, "start");
        const plan = of("plan");
        assert.equal(plan.artifacts?.reports.dotenv, "plan.env");
        assert.ok(plan.artifacts?.paths.includes(".local/previews"));
        assert.match(plan.script?.join("\n") ?? "", /PLAN_HASH=.*> plan\.env\n.*exit \$code/s);
        assert.doesNotMatch(plan.script?.join() ?? "", /--post/);
      });

      it("looks for drift every night, without changing anything", () => {
        const { script } = of("drift");
        assert.deepEqual(scheduled("nightly"), { STACKS: "drift" });
        assert.match(script?.join() ?? "", /pulumi refresh .*--preview-only --expect-no-changes/);
      });

      it("makes the next step of canaries on a schedule, as a merge request that merges itself", () => {
        const { script } = of("advance");
        assert.deepEqual(scheduled("advance"), { STACKS: "advance" });
        // What it does is tested with real git, in propose.test.ts.
        assert.deepEqual(script, [".ci/propose-steps"]);
      });

      it("checks canaries on a schedule", () => {
        const { script } = of("canaries");
        assert.deepEqual(scheduled("canary"), { STACKS: "canaries" });
        assert.ok(script?.includes('npx platform release checks --stack "$STACK" || code=$?'));
      });
    });
  }

  for (const [trigger, source] of [
    ["previews", "stacks:preview"],
    ["updates", "stacks:update"],
    ["watches", "stacks:watch"],
  ] as const) {
    it(`starts in ${trigger} what ${source} wrote`, () => {
      const { trigger: started, needs } = job(trigger);
      const { script, artifacts } = job(source);
      assert.deepEqual(started?.include, [{ artifact: "stacks.gitlab-ci.yml", job: source }]);
      assert.deepEqual(needs, [source]);
      assert.deepEqual(artifacts?.paths, ["stacks.gitlab-ci.yml"]);
      assert.match(script?.join() ?? "", /--out stacks\.gitlab-ci\.yml$/);
    });
  }

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

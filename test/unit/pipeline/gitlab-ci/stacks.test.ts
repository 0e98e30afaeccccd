import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { childPipelines, modes, type Mode } from "../../../../cli/pipeline/gitlab";
import { discover } from "../../../../cli/stacks/discover";
import { stackFileConfig, stacks } from "../../../../config/stack-file";
import { document, type Job, job } from "./jobs";

/** The jobs of all stacks by purpose: those of the child pipeline that `stacks pipeline` writes. */
const children = Object.fromEntries(
  Object.entries(modes).flatMap(([mode, kinds]) => {
    const entries = discover(".").filter(({ name }) => name !== "dev");
    const source = readFileSync(".gitlab-ci.yml", "utf8");
    const [child = ""] = childPipelines(mode as Mode, entries, source).values();
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

      it("applies only on the default branch, by hand, the plan that was made there", () => {
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
        assert.equal(plan.interruptible, false);
        assert.ok(plan.artifacts?.paths.includes(".local/previews"));
        assert.match(plan.script?.join("\n") ?? "", /PLAN_HASH=.*> plan\.env\n.*exit \$code/s);
        assert.doesNotMatch(plan.script?.join() ?? "", /--post/);
      });

      it("looks for drift every night, without changing anything", () => {
        const { script } = of("drift");
        assert.deepEqual(scheduled("nightly"), { STACKS: "drift" });
        assert.match(script?.join() ?? "", /pulumi refresh .*--preview-only --expect-no-changes/);
      });

      it("proposes the next step of canaries on a schedule, as a merge request that merges itself", () => {
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

  it("cancels no job on the default branch when a later commit arrives", () => {
    const kept = document.workflow.rules.filter(({ auto_cancel }) => auto_cancel);
    assert.deepEqual(
      kept.map(({ if: condition, auto_cancel }) => [condition, auto_cancel]),
      [
        ['$CI_PIPELINE_SOURCE == "schedule"', { on_new_commit: "none" }],
        ["$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", { on_new_commit: "none" }],
      ],
    );
    for (const [verb, child] of Object.entries(children)) {
      const { auto_cancel: own } = child["workflow"] as { auto_cancel?: object };
      assert.deepEqual(own, verb === "preview" ? undefined : { on_new_commit: "none" }, verb);
    }
  });

  it("checks once for each merge request whether its author may change the files", () => {
    const { script, rules, variables, needs } = job("owners");
    assert.deepEqual(script, ["npx platform stacks owners"]);
    assert.deepEqual(rules, [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
    assert.equal(variables?.["GIT_DEPTH"], "0");
    // Also if no stack is concerned.
    assert.deepEqual(needs, []);
  });

  for (const [trigger, source] of [
    ["previews", "stacks:preview"],
    ["updates", "stacks:update"],
    ["watches", "stacks:watch"],
  ] as const) {
    it(`starts in ${trigger} what ${source} wrote`, () => {
      const { trigger: started, needs, variables } = job(trigger);
      const { script, artifacts } = job(source);
      assert.deepEqual(started?.include, [{ artifact: "stacks.gitlab-ci.yml", job: source }]);
      assert.deepEqual(needs, [source]);
      assert.deepEqual(artifacts?.paths, ["stacks.gitlab-ci*.yml"]);
      // The child pipeline takes further files from the job of this one.
      assert.deepEqual(variables, { PARENT_PIPELINE_ID: "$CI_PIPELINE_ID" });
      assert.match(script?.join() ?? "", /--out stacks\.gitlab-ci\.yml$/);
    });
  }
});

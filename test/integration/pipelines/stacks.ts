import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { reportJson } from "../../../cli/preview/report";
import { checkout } from "../../../local/toolchain/paths";
import { agents, args, commands, stagesOf, type ScriptResult } from "../../support/groovy";
import { reportWith } from "../../unit/cli/preview/support";
import { platformUrl, type PipelineScenarios } from "./scenarios";

/** Declares the tests of the pipeline of the stacks. */
export function updatesStacks(current: () => PipelineScenarios): void {
  describe("for the stacks", () => {
    let scenarios: PipelineScenarios;
    before(() => (scenarios = current()));

    it("checks and previews a merge request of this repository, as a comment on it", async () => {
      const { events, failure } = await scenarios.platform(
        { BRANCH_NAME: "canary/shop-online-7" },
        { statuses: [3], output: "42\n" },
      );
      assert.equal(failure, null);
      assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview", "Summary"]);
      assert.deepEqual(agents(events, "Checks"), ["node"]);
      const [sum = ""] = commands(events, "Summary").filter((text) => text.includes("summary"));
      assert.equal(sum, "npx platform stacks summary --reports previews $STACKS --post");
      assert.deepEqual(args(events, "unstash"), [["report-prod"]]);
      const preview = events.find(({ args: [first] }) => JSON.stringify(first)?.includes("--post"));
      assert.deepEqual(preview?.env, [
        "STACK=prod",
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true",
        "CI_API_V4_URL=https://git.test/api/v4",
        "CI_PROJECT_ID=ops/platform",
        "CI_MERGE_REQUEST_IID=42",
      ]);
      assert.equal(args(events, "unstable").length, 1);
    });

    it("checks once for each merge request whether its author may change the files, also without a stack", async () => {
      for (const stacks of ["prod shop.prod\n", "\n"]) {
        const { events } = await scenarios.platform(
          { BRANCH_NAME: "x" },
          { statuses: [0, 0], output: "42\n", stacks },
        );
        const checks = events.filter(({ args: [text] }) => text === "npx platform stacks owners");
        assert.equal(checks.length, 1);
        const [{ agent, env } = { agent: undefined, env: [] }] = checks;
        assert.equal(agent, "platform");
        // With these and the token, GitLab is asked for the author.
        assert.ok(env.includes("CI_MERGE_REQUEST_IID=42"), String(env));
        assert.ok(env.includes("CI_API_V4_URL=https://git.test/api/v4"), String(env));
      }
    });

    it("says that it did not check who may change the files if there is no merge request", async () => {
      const { events, failure } = await scenarios.platform(
        { BRANCH_NAME: "x" },
        { statuses: [0], output: "" },
      );
      assert.equal(failure, null);
      assert.ok(!commands(events).includes("npx platform stacks owners"));
      assert.match(String(args(events, "echo")), /who may change its files was not checked/);
    });

    it("fails if the preview cannot be applied, or breaks a mandatory rule of the policy", async () => {
      const { events, failure } = await scenarios.platform(
        { BRANCH_NAME: "main" },
        { statuses: [1] },
      );
      assert.match(
        failure ?? "",
        /Stack prod cannot be updated like this, or breaks a mandatory rule/,
      );
      assert.ok(commands(events).some((text) => text.includes("platform preview")));
      assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview"]);
    });

    it("updates a stack from the default branch only, when approved, one at a time", async () => {
      const { events } = await scenarios.platform({ BRANCH_NAME: "main" }, { statuses: [0] });
      assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview", "Approve", "Update"]);
      const steps = events.map(({ step, args: [first] }) => `${step} ${String(first)}`);
      const approval = steps.findIndex((text) => text.startsWith("input"));
      const update = steps.findIndex((text) => text.includes('up "$STACK" --plan-hash'));
      assert.ok(approval >= 0 && approval < update, "updated before it was approved");
      const [, file = "", field = ""] =
        /require\("\.\/(.+)"\)\.(\w+)/.exec(String(events[update]?.args[0])) ?? [];
      assert.ok(
        field in (JSON.parse(reportJson(reportWith())) as object),
        `the report has no "${field}"`,
      );
      const writing = commands(events).find((text) => text.includes("platform preview"));
      assert.ok(writing?.includes(`--report ${file}`), `${file} is not what the preview writes`);
      assert.deepEqual(events[update]?.within, ["node", "lock", "container", "withEnv"]);
      assert.deepEqual(args(events, "lock"), [["pulumi-prod"]]);
      assert.equal(events[approval]?.agent, null);
    });

    it("requires the approval of the people whom the platform names, never of everybody who may start builds", async () => {
      const submitter = async (env: Record<string, string>) => {
        const { events } = await scenarios.platform(
          { BRANCH_NAME: "main", ...env },
          { statuses: [0] },
        );
        const [[given] = []] = args(events, "input");
        return (given as { submitter?: string }).submitter;
      };
      assert.equal(
        await submitter({ PLATFORM_APPROVERS: "operations,on-call" }),
        "operations,on-call",
      );
      // The step takes no name for everybody; administrators may approve whatever it says.
      assert.equal(await submitter({ PLATFORM_APPROVERS: "" }), "administrators");
      assert.equal(await submitter({}), "administrators");
    });

    it("works on exactly the stacks that the change concerns", async () => {
      const stacks = "prod shop.prod\n";
      const { events } = await scenarios.platform(
        { BRANCH_NAME: "x" },
        { statuses: [0, 0, 0, 0], output: "", stacks },
      );
      const previews = events.filter(({ args: [first] }) =>
        JSON.stringify(first)?.includes("platform preview"),
      );
      assert.deepEqual(
        previews.map(({ env: [first] }) => first),
        ["STACK=prod", "STACK=shop.prod"],
      );
      assert.ok(commands(events, "Stacks").some((text) => text.includes("stacks pipeline")));
      assert.deepEqual(agents(events, "Stacks"), ["node"]);
      const none = await scenarios.platform(
        { BRANCH_NAME: "x" },
        { statuses: [0], output: "", stacks: "\n" },
      );
      assert.deepEqual(stagesOf(none.events), ["Checks", "Stacks", "Summary"]);
      assert.ok(!commands(none.events).some((text) => text.includes("platform preview")));
    });

    it("updates each stack after those that it needs, and not if one of them was not updated", async () => {
      const stacks = "prod stock.prod:prod shop.prod:prod,stock.prod news.prod:prod\n";
      const run = (statuses: number[]) =>
        scenarios.platform({ BRANCH_NAME: "main" }, { statuses, output: "", stacks });
      const updated = (events: ScriptResult["events"]) =>
        events
          .filter(({ args: [text] }) => String(text).includes('up "$STACK" --plan-hash'))
          .map(({ env: [first] }) => first);
      const whole = await run([0, 0, 0, 0]);
      assert.equal(whole.failure, null);
      assert.deepEqual(updated(whole.events), [
        "STACK=prod",
        "STACK=stock.prod",
        "STACK=shop.prod",
        "STACK=news.prod",
      ]);
      // The second preview fails: what comes after it is not updated, the others are.
      const half = await run([0, 1, 0, 0]);
      assert.match(half.failure ?? "", /^Stack stock\.prod cannot be updated like this/);
      assert.deepEqual(updated(half.events), ["STACK=prod", "STACK=news.prod"]);
      assert.deepEqual(args(half.events, "error").at(-1), [
        "Stack shop.prod is not updated: it comes after stock.prod, whose update failed or was not approved.",
      ]);
    });

    it("checks the canaries of every stack, and proposes their next steps", async () => {
      const { events, failure } = await scenarios.run({
        script: readFileSync(join(checkout, "ci/canaries.Jenkinsfile"), "utf8"),
        env: { BRANCH_NAME: "main" },
        url: platformUrl,
        stacks: "prod shop.prod\n",
        statuses: [3, 1],
      });
      assert.equal(failure, null);
      const texts = commands(events);
      assert.ok(texts.some((text) => text.includes("stacks pipeline --format needs --all")));
      // What it does is tested with real git, in test/unit/pipeline/propose.test.ts.
      const steps = events.filter(({ args: [text] }) => text === ".ci/propose-steps");
      assert.deepEqual(
        steps.map(({ env }) => env.filter((each) => !each.startsWith("PULUMI_"))),
        ["prod", "shop.prod"].map((stack) => [`STACK=${stack}`, "TARGET=main"]),
      );
      assert.deepEqual(args(events, "unstable"), [
        ["The canaries of stack prod could not be checked, which says nothing about them."],
        ["A canary of stack shop.prod fails its check."],
      ]);
      assert.deepEqual(args(events, "lock"), [["pulumi-prod"], ["pulumi-shop.prod"]]);
    });

    it("looks for drift at night, and changes nothing", async () => {
      const { events } = await scenarios.platform(
        { BRANCH_NAME: "main" },
        { cause: "TimerTrigger" },
      );
      assert.deepEqual(stagesOf(events), ["Stacks", "Drift"]);
      assert.ok(commands(events).some((text) => text.startsWith("pulumi refresh --preview-only")));
      assert.deepEqual(args(events, "cron"), [["H 3 * * *"]]);
      assert.deepEqual(
        args((await scenarios.platform({ BRANCH_NAME: "x" }, { statuses: [0, 0] })).events, "cron"),
        [[""]],
      );
    });
  });
}

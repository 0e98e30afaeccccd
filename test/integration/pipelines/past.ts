import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { args, stagesOf } from "../../support/groovy";
import { platformUrl, type PipelineScenarios } from "./scenarios";

/** Declares the tests of what the pipeline of the stacks finds out about its repository and its earlier builds. */
export function knowsItsPast(current: () => PipelineScenarios): void {
  describe("about its repository and earlier builds", () => {
    let scenarios: PipelineScenarios;
    before(() => (scenarios = current()));

    it("finds GitLab under the path that the platform names, and on any port", async () => {
      const url = "https://git.test:8443/gitlab/ops/platform.git";
      const post = async (env: Record<string, string>) => {
        const { events } = await scenarios.platform(
          { BRANCH_NAME: "x", ...env },
          { statuses: [0], output: "42\n", url },
        );
        const preview = events.find(({ args: [first] }) =>
          JSON.stringify(first)?.includes("--post"),
        );
        return preview?.env.filter((each) => /^CI_(API|PROJECT)/.test(each));
      };
      const api = "https://git.test:8443/gitlab/api/v4";
      assert.deepEqual(await post({ PLATFORM_API: api }), [
        `CI_API_V4_URL=${api}`,
        "CI_PROJECT_ID=ops/platform",
      ]);
      for (const other of [
        {} as Record<string, string>,
        { PLATFORM_API: "https://other.test/api/v4" },
      ]) {
        assert.deepEqual(await post(other), [
          "CI_API_V4_URL=https://git.test:8443/api/v4",
          "CI_PROJECT_ID=gitlab/ops/platform",
        ]);
      }
    });

    it("updates from the branch that the platform names", async () => {
      const env = { BRANCH_NAME: "master", PLATFORM_BRANCH: "master" };
      const { events } = await scenarios.platform(env, { statuses: [0] });
      assert.deepEqual(stagesOf(events), ["Checks", "Stacks", "Preview", "Approve", "Update"]);
      assert.deepEqual(args(events, "cron"), [["H 3 * * *"]]);
      const night = await scenarios.platform(env, { cause: "TimerTrigger" });
      assert.deepEqual(stagesOf(night.events), ["Stacks", "Drift"]);
      const other = { BRANCH_NAME: "main", PLATFORM_BRANCH: "master" };
      const change = await scenarios.platform(other, { statuses: [0] });
      assert.deepEqual(stagesOf(change.events), ["Checks", "Stacks", "Preview", "Summary"]);
      const [find] = change.events.filter(({ args: [text] }) =>
        String(text).includes("merge-base"),
      );
      assert.ok(find?.env.includes("TARGET=master"), String(find?.env));
      assert.match(String(find?.args[0]), /git merge-base "origin\/\$TARGET" HEAD/);
      const canaries = await scenarios.run({
        script: readFileSync(join(checkout, "ci/canaries.Jenkinsfile"), "utf8"),
        env,
        url: platformUrl,
        statuses: [0],
      });
      const [step] = canaries.events.filter(({ args: [text] }) => text === ".ci/propose-steps");
      assert.ok(step?.env.includes("TARGET=master"), String(step?.env));
    });

    it("previews what has not been applied since the last build that updated everything", async () => {
      const find = async (more: object, env = {}) => {
        const scenario = { statuses: [0], output: "", ...more };
        const { events, failure } = await scenarios.platform(
          { BRANCH_NAME: "main", ...env },
          scenario,
        );
        assert.equal(failure, null);
        const pipeline = events.find(({ args: [text] }) =>
          String(text).includes("stacks pipeline"),
        );
        return pipeline?.env.filter((each) => /^(BASE|ALL)=/.test(each));
      };
      const commits = { GIT_COMMIT: "b", GIT_PREVIOUS_SUCCESSFUL_COMMIT: "night" };
      // The build of A was aborted, and the build at night, which applies nothing, succeeded.
      const earlier = [{ PLATFORM_COMMIT: "a" }, {}, { PLATFORM_APPLIED: "start" }];
      assert.deepEqual(await find({ earlier }, commits), ["ALL=", "BASE=start"]);
      // Without a base, the command is run with --all.
      assert.deepEqual(await find({ earlier: [{}] }, commits), ["ALL=", "BASE="]);
      assert.deepEqual(await find({}, commits), ["ALL=", "BASE="]);
    });

    it("is a base for later builds only if it updated everything that it found", async () => {
      const env = { BRANCH_NAME: "main", GIT_COMMIT: "b" };
      const applied = async (more: object, variables = env) =>
        (await scenarios.platform(variables, more)).env["PLATFORM_APPLIED"];
      assert.equal(await applied({ statuses: [0] }), "b");
      // Dangers that somebody approved are applied.
      assert.equal(await applied({ statuses: [3] }), "b");
      assert.equal(await applied({ statuses: [], stacks: "\n" }), "b");
      assert.equal(await applied({ statuses: [1] }), undefined);
      assert.equal(await applied({ cause: "TimerTrigger" }), undefined);
      const branch = { ...env, BRANCH_NAME: "x" };
      assert.equal(await applied({ statuses: [0, 0] }, branch), undefined);
    });

    it("fails without the stacks of its own build, for example when it is restarted from a later stage", async () => {
      const { failure, events } = await scenarios.run({
        script: "platformStack.each()",
        env: { BRANCH_NAME: "main" },
        url: platformUrl,
      });
      assert.match(failure ?? "", /restart the build from the stage Stacks/);
      assert.ok(!events.some(({ step }) => step === "input"));
    });
  });
}

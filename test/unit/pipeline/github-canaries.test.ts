import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

describe("the check of canaries by GitHub Actions", () => {
  const { jobs } = parse(readFileSync(".github/workflows/stacks.yml", "utf8")) as {
    jobs: { canaries: { steps: { run?: string }[] } };
  };
  const script = jobs.canaries.steps.find(({ run }) => run?.includes("release checks"))?.run ?? "";

  // GitLab warns of 2 by `allow_failure`, and Jenkins says nothing of it. All three show 3 as a failure of the check.
  for (const [code, status, text] of [
    [0, 0, /^$/],
    [1, 1, /^$/],
    [2, 0, /^::warning::Canaries of prod had too few requests/],
    [3, 3, /^::error::Canaries of prod could not be checked/],
  ] as const) {
    it(`ends with ${status} if the command ends with ${code}`, () => {
      const stub = `npx() { return ${code}; }`;
      const ended = spawnSync("bash", ["-e", "-c", `${stub}\n${script}`], {
        env: { STACK: "prod" },
        encoding: "utf8",
      });
      assert.equal(ended.status, status);
      assert.match(ended.stdout, text);
    });
  }
});

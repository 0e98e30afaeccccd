import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comparedCommit, gitIn } from "../../../../cli/preview/commits";
import { policyEdits } from "../../../../cli/preview/policy-edits";

describe("a change of the policy itself", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" });
  const file = "Pulumi.prod.yaml";
  const settings = (digests: string) =>
    writeFileSync(
      join(folder, file),
      `config:\n  platform:domain: a.test\n  platform:policy: { digests: ${digests} }\n`,
    );
  const exceptions = (...lines: string[]) =>
    writeFileSync(join(folder, "policy", "exceptions.ts"), `${lines.join("\n")}\n`);
  let base: string;

  before(() => {
    mkdirSync(join(folder, "policy"));
    git("init", "--quiet");
    git("config", "user.name", "Test");
    git("config", "user.email", "test@platform.invalid");
    settings("required");
    exceptions("const a = 1;", '{ workload: "DaemonSet filebeat" },');
    git("add", "--all");
    git("commit", "--quiet", "--message", "Base");
    base = git("rev-parse", "HEAD").trim();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const found = (digests = "required", from: string | undefined = base) =>
    policyEdits(gitIn(folder), from, { file, present: { digests } }).map(({ text }) => text);

  it("is not reported if neither exceptions nor settings change", () => {
    assert.deepEqual(found(), []);
  });

  it("is a danger if an exception is added, committed or not", () => {
    const text =
      '`policy/exceptions.ts`, the list of exceptions from the policy\'s rules, gets: `{ workload: "Deployment shop" },`.';
    exceptions(
      "const a = 1;",
      '{ workload: "DaemonSet filebeat" },',
      '{ workload: "Deployment shop" },',
    );
    assert.deepEqual(found(), [text]);
    git("commit", "--quiet", "--all", "--message", "Exception");
    assert.deepEqual(found(), [text]);
    exceptions("const a = 1;");
    assert.deepEqual(found(), [], "one that goes makes the policy stricter");
  });

  it("is a danger if the stack's policy settings change", () => {
    assert.deepEqual(found("optional"), [
      '`platform:policy` of the stack changes from `{"digests":"required"}` to `{"digests":"optional"}`.',
    ]);
  });

  it("is not looked for without a commit to compare with, or in a new stack", () => {
    assert.deepEqual(policyEdits(gitIn(folder), undefined, { file, present: {} }), []);
    assert.deepEqual(policyEdits(gitIn(folder), base, { file: "new.yaml", present: {} }), []);
  });

  it("does not include what others merged meanwhile, in a pipeline of merged results", () => {
    git("checkout", "--quiet", "--force", "-b", "change", base);
    settings("optional");
    git("commit", "--quiet", "--all", "--message", "Settings");
    git("checkout", "--quiet", "--detach", base);
    exceptions("const a = 1;", '{ workload: "DaemonSet filebeat" },', "another person's");
    git("commit", "--quiet", "--all", "--message", "Exception");
    const target = git("rev-parse", "HEAD").trim();
    git("merge", "--quiet", "--no-ff", "--no-edit", "change");
    const environment = {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target,
    };
    const lines = found("optional", comparedCommit(environment, gitIn(folder)));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^`platform:policy` of the stack changes/);
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProposalRepository } from "./proposals";

/** Runs the script with real git and a bare repository, and with stubs of GitHub's API and npx. */
describe("the steps that a schedule proposes", () => {
  let template: ProposalRepository;
  let project: ProposalRepository;
  before(() => (template = new ProposalRepository()));
  after(() => template.remove());
  beforeEach(() => (project = new ProposalRepository(template)));
  afterEach(() => rmSync(project.folder, { recursive: true }));

  const step = "echo 2 > file; git commit --quiet --all --message 'shop: canary to 50%'";

  it("are a branch and a pull request on GitHub", async () => {
    const { code, output, requests } = await project.run("GitHub", step);
    assert.equal(code, 0, output);
    assert.equal(project.subject(), "shop: canary to 50%\n");
    assert.deepEqual(requests, [
      "GET /repos/company/platform/pulls?state=open&head=company%3Aadvance%2Fshop.prod ",
      'POST /repos/company/platform/pulls {"head":"advance/shop.prod","base":"main","title":"shop: canary to 50%"}',
    ]);
  });

  for (const system of ["GitLab", "Jenkins"] as const) {
    it(`are a branch on ${system}, whose push opens a merge request that merges itself`, async () => {
      const { code, output, requests } = await project.run(system, step);
      assert.equal(code, 0, output);
      assert.equal(project.subject(), "shop: canary to 50%\n");
      assert.equal(
        readFileSync(join(project.folder, "options"), "utf8"),
        "merge_request.create\nmerge_request.target=main\nmerge_request.merge_when_pipeline_succeeds\n",
      );
      assert.deepEqual(requests, []);
    });
  }

  for (const system of ["GitHub", "GitLab", "Jenkins"] as const) {
    it(`stay as they are on ${system} while only the result of their check is newer`, async () => {
      project.propose(system, project.stepTo(50, 30));
      const first = project.proposedCommit();
      const { output, requests } = await project.runAgain(system, project.stepTo(50));
      assert.equal(project.proposedCommit(), first);
      assert.match(output, /Branch advance\/shop\.prod already proposes this step\./);
      // The request may have failed when the branch was pushed.
      assert.equal(requests.length, system === "GitHub" ? 2 : 0);
    });
  }

  it("are replaced before their check is too old", async () => {
    // The rules of the stack accept a check for 10 hours.
    project.propose("GitLab", project.stepTo(50, 310));
    const former = project.proposedCommit();
    await project.runAgain("GitLab", project.stepTo(50));
    assert.notEqual(project.proposedCommit(), former);
  });

  it("are replaced by another step, and on another commit", () => {
    project.propose("GitLab", project.stepTo(75));
    assert.equal(project.fateBy(project.stepTo(75)), "same");
    assert.equal(project.fateBy(project.stepTo(50)), "replace");
    project.git("checkout", "--quiet", "--force", "main");
    project.git("commit", "--quiet", "--allow-empty", "--message", "Another");
    assert.equal(project.fateBy(project.stepTo(75)), "replace");
    project.propose("GitLab", project.stepTo(75));
    assert.equal(project.fateBy(project.stepTo(75)), "same");
  });

  it("do not change a branch that a person changed, and say so", async () => {
    project.propose("GitLab", project.stepTo(50));
    project.pushByPerson();
    const edited = project.proposedCommit();
    for (const system of ["GitHub", "GitLab", "Jenkins"] as const) {
      const { output, requests } = await project.runAgain(system, project.stepTo(75));
      assert.equal(project.proposedCommit(), edited);
      assert.match(output, /Branch advance\/shop\.prod has commits by other people, .*delete it:/);
      assert.match(output, /^ {2}[0-9a-f]+ Edit by Ann$/m);
      assert.deepEqual(requests, []);
    }
    // Merged as another commit, and the branch was not deleted.
    project.git("checkout", "--quiet", "--force", "main");
    project.git("merge", "--quiet", "--squash", edited);
    project.git("commit", "--quiet", "--all", "--message", "Squashed");
    await project.runAgain("GitLab", project.stepTo(75));
    assert.notEqual(project.proposedCommit(), edited);
  });

  it("replace everything if they take the requests from a canary", async () => {
    project.propose("GitLab", project.stepTo(50));
    project.pushByPerson();
    const { output } = await project.runAgain("GitLab", project.stepTo(0, 400));
    assert.equal(project.subject(), "shop: canary to 0%, 400 min\n");
    assert.match(output, /had commits by other people.*replaces them:\n {2}[0-9a-f]+ Edit by Ann/);
    const taken = project.proposedCommit();
    await project.runAgain("GitLab", project.stepTo(0));
    assert.equal(project.proposedCommit(), taken);
  });

  it("overwrite nothing that is pushed while they are prepared", async () => {
    project.propose("Jenkins", project.stepTo(50));
    const former = project.proposedCommit();
    project.pushByPerson();
    const edited = project.proposedCommit();
    // The script sees the former commit, as if the push came between its reading and its writing.
    const git = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
    const late = `#!/bin/sh\nif [ "$*" = "rev-parse FETCH_HEAD" ]; then echo ${former}; else exec ${git} "$@"; fi\n`;
    writeFileSync(join(project.folder, "bin/git"), late, { mode: 0o755 });
    project.git("checkout", "--quiet", "--force", "--detach", "main");
    const { code, output } = await project.run("Jenkins", project.stepTo(75));
    assert.equal(code, 1, output);
    assert.match(output, /stale info/);
    assert.equal(project.proposedCommit(), edited);
  });

  it("do not exist if none is due", async () => {
    for (const system of ["GitHub", "GitLab", "Jenkins"] as const) {
      const none = await project.run(system, "true", "");
      assert.deepEqual([none.code, none.requests], [0, []], none.output);
    }
    assert.equal(project.proposed(), "");
  });

  for (const system of ["GitHub", "GitLab"] as const) {
    it(`cause an error if they cannot be proposed on ${system}`, async () => {
      const untold = await project.run(system, step, "");
      assert.equal(untold.code, 1);
      assert.match(
        untold.output,
        /A step is due for stack shop\.prod, and ADVANCE_TOKEN is not set/,
      );
      assert.equal(project.proposed(), "");
    });
  }
});

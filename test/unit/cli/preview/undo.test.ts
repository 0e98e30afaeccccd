import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { undoCommands, type Commits } from "../../../../cli/preview/commits";
import { Repository } from "./repository";

describe("the commands that undo a change", function () {
  this.timeout(60_000);
  let template: Repository;
  let repository: Repository;
  before(() => (template = new Repository()));
  after(() => template.remove());
  beforeEach(() => (repository = new Repository(template)));
  afterEach(() => repository.remove());

  /** Creates two commits on a branch, and returns what its preview shows. */
  function changed(): Commits {
    repository.git("checkout", "--quiet", "-b", "change");
    repository.write(2, "first");
    repository.commit();
    repository.write(3, "second");
    repository.commit();
    return repository.commits();
  }

  /** Creates another commit after the change was merged. */
  function afterwards(): void {
    repository.write(5, "another");
    repository.commit();
  }

  function assertUndone(by = repository): void {
    const lines = by.lines();
    assert.deepEqual(
      [10, 20, 30].map((line) => lines[line]),
      ["applied", "line 20", "line 30"],
    );
    assert.equal(by.git("status", "--porcelain"), "");
  }

  for (const [how, merge] of [
    ["a merge commit", ["merge", "--quiet", "--no-ff", "--no-edit", "change"]],
    ["a fast-forward of several commits", ["merge", "--quiet", "--ff-only", "change"]],
    ["a squash", ["merge", "--quiet", "--squash", "change"]],
  ] as const) {
    it(`undo ${how}, and no later changes`, () => {
      const commands = undoCommands(changed());
      repository.git("checkout", "--quiet", "main");
      repository.git(...merge);
      if (how === "a squash") repository.commit();
      afterwards();
      repository.run(commands);
      assertUndone();
      assert.equal(repository.lines()[50], "another");
    });
  }

  describe("in a clone without the commits", () => {
    let clone: Repository;
    afterEach(() => clone.remove());

    /** Squashes the change, and removes its branch. The server keeps one reference, as it does for requests. */
    function squashed(reference: string, commit: string): void {
      repository.git("update-ref", reference, commit);
      repository.git("checkout", "--quiet", "main");
      repository.git("merge", "--quiet", "--squash", "change");
      repository.commit();
      repository.git("branch", "--quiet", "-D", "change");
      afterwards();
      clone = new Repository(repository, true);
      assert.throws(() => clone.git("cat-file", "-e", commit), /cat-file/);
    }

    it("undo the change since it left the default branch of the server", () => {
      repository.git("branch", "--move", "main", "trunk");
      clone = new Repository(repository, true);
      const base = clone.git("rev-parse", "HEAD");
      clone.git("checkout", "--quiet", "-b", "change");
      for (const line of [2, 3]) {
        clone.write(line, "changed");
        clone.commit();
      }
      assert.equal(clone.commits().base, base);
    });

    it("undo a squash whose branch is gone", () => {
      const commits = changed();
      squashed("refs/merge-requests/1/head", commits.commit);
      clone.run(undoCommands(commits));
      assertUndone(clone);
      assert.equal(clone.lines()[50], "another");
    });

    it("undo a change whose commit is a merge that only CI had", () => {
      const { commit } = changed();
      repository.git("checkout", "--quiet", "main");
      repository.write(4, "of somebody else");
      const base = repository.commit();
      repository.git("checkout", "--quiet", "--detach");
      repository.git("merge", "--quiet", "--no-ff", "--no-edit", commit);
      const commits = repository.commits();
      assert.equal(commits.base, base);
      squashed("refs/pull/1/merge", commits.commit);
      clone.run(undoCommands(commits));
      assertUndone(clone);
      assert.equal(clone.lines()[40], "of somebody else");
    });

    it("commit nothing if the server does not have the commits either", () => {
      const commits = changed();
      squashed("refs/merge-requests/1/head", commits.commit);
      const before = clone.git("rev-parse", "HEAD");
      clone.write(1, "in progress");
      const unknown = undoCommands({ ...commits, commit: "f".repeat(40) });
      assert.throws(() => clone.run(unknown), /not our ref f{40}|couldn't find remote ref f{40}/);
      assert.equal(clone.git("rev-parse", "HEAD"), before);
    });
  });

  it("commit only the files of the change, including those that it added, removed or renamed", () => {
    const file = (name: string) => join(repository.folder, name);
    for (const name of ["staged", "other", "renamed-from", "removed"])
      writeFileSync(file(name), `${name}\n`.repeat(9));
    repository.commit();
    repository.git("checkout", "--quiet", "-b", "change");
    repository.git("mv", "renamed-from", "renamed-to");
    repository.git("rm", "--quiet", "removed");
    writeFileSync(file("added *"), "added\n");
    repository.commit();
    const commits = repository.commits();
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--ff-only", "change");
    writeFileSync(file("staged"), "staged\n");
    repository.git("add", "staged");
    writeFileSync(file("other"), "in progress\n");
    repository.run(undoCommands(commits));
    assert.equal(repository.git("diff", "--cached", "--name-only"), "staged");
    assert.equal(repository.git("diff", "--name-only"), "other");
    assert.equal(repository.git("diff", "HEAD", "HEAD~2", "--stat"), "");
  });

  it("undo a merge from its own pipeline on the default branch", () => {
    changed();
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "change");
    repository.run(undoCommands(repository.commits()));
    assertUndone();
  });

  it("undo all commits of a push, according to the pipeline of the default branch", () => {
    const before = repository.git("rev-parse", "main");
    changed();
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--ff-only", "change");
    repository.run(undoCommands(repository.commits({ CI_COMMIT_BEFORE_SHA: before })));
    assertUndone();
  });

  it("undo the source branch's change, not the commit that a merged-results pipeline made", () => {
    const { commit, base } = changed();
    const commits = repository.commits({
      CI_COMMIT_SHA: "f".repeat(40),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: commit,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    });
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--squash", "change");
    repository.commit();
    repository.run(undoCommands(commits));
    assertUndone();
  });

  it("undo the change since it left the default branch that the CI system names", () => {
    const { base } = changed();
    repository.git("branch", "--move", "main", "master");
    repository.git("update-ref", "refs/remotes/origin/master", "master");
    for (const name of ["CI_DEFAULT_BRANCH", "PLATFORM_BRANCH"]) {
      assert.equal(repository.commits({ [name]: "master" }).base, base);
    }
  });

  it("stash uncommitted changes, and do not undo the commit", () => {
    repository.write(2, "not committed");
    const commits = repository.commits();
    assert.equal(commits.changed, true);
    repository.run(undoCommands(commits));
    assertUndone();
    assert.match(repository.git("stash", "list"), /stash@\{0\}/);
  });

  it("do not exist for a first commit, and outside a repository", () => {
    assert.deepEqual(undoCommands(repository.commits()), []);
    rmSync(join(repository.folder, ".git"), { recursive: true });
    assert.deepEqual(undoCommands(repository.commits()), []);
  });
});

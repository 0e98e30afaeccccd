import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chained, commitsOf, gitIn, undoing, type Commits } from "../../../../cli/preview/commits";

/** A repository with a stack file of these lines, on branch main. */
class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "undo-"));

  /** @param origin repository to clone. Default: a new one. */
  constructor(origin?: Repository) {
    if (origin === undefined) this.git("init", "--quiet", "--initial-branch", "main");
    else this.git("clone", "--quiet", `file://${origin.folder}`, ".");
    this.git("config", "user.name", "Test");
    this.git("config", "user.email", "test@platform.invalid");
    if (origin !== undefined) return;
    this.write(1, "applied");
    this.commit();
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" }).trim();
  }

  /** Writes one line of the file. */
  write(line: number, text: string): void {
    const lines = this.lines();
    lines[line * 10] = text;
    writeFileSync(join(this.folder, "Pulumi.prod.yaml"), `${lines.join("\n")}\n`);
  }

  lines(): string[] {
    try {
      return readFileSync(join(this.folder, "Pulumi.prod.yaml"), "utf8").trimEnd().split("\n");
    } catch {
      return Array.from({ length: 60 }, (_, index) => `line ${index}`);
    }
  }

  commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "Change");
    return this.git("rev-parse", "HEAD");
  }

  /** Runs the commands of the comment. */
  run(commands: string[]): void {
    const script = chained(commands).join("\n");
    execFileSync("bash", ["-c", script], { cwd: this.folder, stdio: "pipe" });
  }

  commits(environment: NodeJS.ProcessEnv = {}): Commits {
    return commitsOf(environment, gitIn(this.folder));
  }
}

describe("the commands that undo a change", function () {
  this.timeout(60_000);
  let repository: Repository;
  beforeEach(() => (repository = new Repository()));
  afterEach(() => rmSync(repository.folder, { recursive: true, force: true }));

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
      const commands = undoing(changed());
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
    afterEach(() => rmSync(clone.folder, { recursive: true, force: true }));

    /** Squashes the change, and removes its branch. The server keeps one reference, as it does for requests. */
    function squashed(reference: string, commit: string): void {
      repository.git("update-ref", reference, commit);
      repository.git("checkout", "--quiet", "main");
      repository.git("merge", "--quiet", "--squash", "change");
      repository.commit();
      repository.git("branch", "--quiet", "-D", "change");
      afterwards();
      clone = new Repository(repository);
      assert.throws(() => clone.git("cat-file", "-e", commit), /cat-file/);
    }

    it("undo a squash whose branch is gone", () => {
      const commits = changed();
      squashed("refs/merge-requests/1/head", commits.commit);
      clone.run(undoing(commits));
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
      clone.run(undoing(commits));
      assertUndone(clone);
      assert.equal(clone.lines()[40], "of somebody else");
    });

    it("commit nothing if the server does not have the commits either", () => {
      const commits = changed();
      squashed("refs/merge-requests/1/head", commits.commit);
      const before = clone.git("rev-parse", "HEAD");
      clone.write(1, "in progress");
      const unknown = undoing({ ...commits, commit: "f".repeat(40) });
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
    repository.run(undoing(commits));
    assert.equal(repository.git("diff", "--cached", "--name-only"), "staged");
    assert.equal(repository.git("diff", "--name-only"), "other");
    assert.equal(repository.git("diff", "HEAD", "HEAD~2", "--stat"), "");
  });

  it("undo a merge from its own pipeline on the default branch", () => {
    changed();
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "change");
    repository.run(undoing(repository.commits()));
    assertUndone();
  });

  it("undo all commits of a push, according to the pipeline of the default branch", () => {
    const before = repository.git("rev-parse", "main");
    changed();
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--ff-only", "change");
    repository.run(undoing(repository.commits({ CI_COMMIT_BEFORE_SHA: before })));
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
    repository.run(undoing(commits));
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
    repository.run(undoing(commits));
    assertUndone();
    assert.match(repository.git("stash", "list"), /stash@\{0\}/);
  });

  it("do not exist for a first commit, and outside a repository", () => {
    assert.deepEqual(undoing(repository.commits()), []);
    rmSync(join(repository.folder, ".git"), { recursive: true });
    assert.deepEqual(undoing(repository.commits()), []);
  });
});

import { execFileSync } from "node:child_process";

/** Between which commits a change lies, so that it can be undone. */
export interface Commits {
  commit: string;
  /** The commit that was applied before the change; undefined if git does not know it. */
  base: string | undefined;
  /** Whether files differ from the commit. */
  changed: boolean;
}

/** Asks git; nothing outside of a repository, or for what it does not know. */
export type Git = (...args: string[]) => string | undefined;

const noCommit = /^0*$/;

/** Git in a folder. */
export function gitIn(folder: string): Git {
  return (...args) => {
    try {
      const text = execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
      return text === "" ? undefined : text;
    } catch {
      return undefined;
    }
  };
}

/**
 * The commits of the current change, from CI or else from git. In a pipeline of merged results the
 * checked-out commit is not part of any branch: the source branch's own commit identifies the change.
 */
export function commitsOf(environment: NodeJS.ProcessEnv, git: Git): Commits {
  const named = (name: string) => {
    const value = environment[name] ?? "";
    return noCommit.test(value) ? undefined : value;
  };
  const head = named("CI_COMMIT_SHA") ?? git("rev-parse", "HEAD");
  const commit = named("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") ?? head ?? "unknown";
  const changed = git("status", "--porcelain", "--untracked-files=no") !== undefined;
  const ofPipeline = named("CI_MERGE_REQUEST_DIFF_BASE_SHA") ?? named("CI_COMMIT_BEFORE_SHA");
  return { commit, base: ofPipeline ?? baseOf(commit, changed, git), changed };
}

/** Where the present branch left the default one; on that one itself, the state before its last merge. */
function baseOf(commit: string, changed: boolean, git: Git): string | undefined {
  const upstream =
    git("rev-parse", "--verify", "--quiet", "refs/remotes/origin/HEAD") ??
    git("rev-parse", "--verify", "--quiet", "refs/remotes/origin/main") ??
    git("rev-parse", "--verify", "--quiet", "refs/heads/main");
  const fork = upstream === undefined ? undefined : git("merge-base", upstream, commit);
  if (fork !== undefined && fork !== commit) return fork;
  // What is not committed comes after the commit, which was applied already.
  return changed ? undefined : git("rev-parse", "--verify", "--quiet", `${commit}^1`);
}

/**
 * Commands that take a change back, however it was merged: as the opposite of its difference, not as
 * reverted commits, which a squash has not, and of which a merge has several.
 */
export function undoing({ commit, base, changed }: Commits): string[] {
  const aside = changed ? ["git stash push"] : [];
  if (base === undefined) return aside;
  const difference = `git diff --binary ${commit} ${base} | git apply --3way`;
  return [...aside, difference, `git commit --all --message "Undo ${commit.slice(0, 12)}"`];
}

import { execFileSync } from "node:child_process";

/** The commits before and after a change, so that it can be undone. */
export interface Commits {
  commit: string;
  /** The commit that was applied before the change; undefined if git does not know it. */
  base: string | undefined;
  /** Whether files differ from the commit. */
  changed: boolean;
}

/** Runs git. Returns undefined outside a repository, and for unknown commits. */
export type Git = (...args: string[]) => string | undefined;

const noCommit = /^0*$/;

/** Returns git in a folder. */
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
 * Returns the commits of the current change, from CI or from git. In a pipeline of merged results, the
 * checked-out commit is not part of any branch, so the source branch's own commit identifies the change.
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
  // GitLab's variable, and that of the Jenkins of this project.
  const target = named("CI_DEFAULT_BRANCH") ?? named("PLATFORM_BRANCH");
  return { commit, base: ofPipeline ?? baseOf(commit, changed, git, target), changed };
}

/**
 * Returns the commit with which the checked-out files are compared. A pipeline of merged results or of a merge train checks
 * out a merge with a later commit of the target branch. Compared with the commit where the source branch left it, other
 * people's commits would count as part of the change.
 */
export function comparedCommit(environment: NodeJS.ProcessEnv, git: Git): string | undefined {
  const target = environment["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"] ?? "";
  return noCommit.test(target) ? commitsOf(environment, git).base : target;
}

/**
 * Returns the commit where the current branch left the default branch; on the default branch, the commit before
 * its last merge.
 * @param target name of the default branch. Default: the one that the clone knows, or `main`.
 */
function baseOf(
  commit: string,
  changed: boolean,
  git: Git,
  target: string | undefined,
): string | undefined {
  const upstream = firstOf(
    [
      ...(target ? [`refs/remotes/origin/${target}`] : []),
      "refs/remotes/origin/HEAD",
      "refs/remotes/origin/main",
      "refs/heads/main",
    ],
    git,
  );
  const fork = upstream === undefined ? undefined : git("merge-base", upstream, commit);
  if (fork !== undefined && fork !== commit) return fork;
  // Uncommitted changes come after the commit, which was already applied.
  return changed ? undefined : git("rev-parse", "--verify", "--quiet", `${commit}^1`);
}

/** Returns the commit of the first of these references that exists. One process of git answers for all of them. */
function firstOf(references: string[], git: Git): string | undefined {
  const lines = git("for-each-ref", "--format=%(refname) %(objectname)", ...references) ?? "";
  const commits = new Map(lines.split("\n").map((line) => line.split(" ") as [string, string]));
  return references.map((name) => commits.get(name)).find((commit) => commit !== undefined);
}

/**
 * Returns commands that undo a change, however it was merged: they apply the inverse of its difference instead
 * of reverting commits, because a squash no longer has them, and a merge has several. Each command runs only if the
 * former one succeeded. Nothing but the files of the difference is committed.
 */
export function undoCommands({ commit, base, changed }: Commits): string[] {
  const aside = changed ? ["git stash push"] : [];
  if (base === undefined) return aside;
  const both = `${commit} ${base}`;
  return [
    ...aside,
    // After a squash, or for a merge that only CI made, the commits are in no branch of a clone, but on the server.
    `git rev-list --no-walk ${both} > /dev/null 2>&1 || git fetch origin ${both}`,
    `git diff --binary ${both} | git apply --3way`,
    `git diff --name-only --no-renames -z ${both} | git --literal-pathspecs commit --message "Undo ${commit.slice(0, 12)}" --pathspec-from-file=- --pathspec-file-nul`,
  ];
}

/** Returns the lines of a script in which each command runs only if the former one succeeded. */
export function chain(commands: readonly string[]): string[] {
  return commands.map((command, index) =>
    index < commands.length - 1 ? `${command} &&` : command,
  );
}

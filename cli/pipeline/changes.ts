import { reasonOf } from "../../config/reason";
import { comparedCommit, gitIn, type Git } from "../preview/commits";
import { concernedBy } from "../stacks/concerned";
import type { StackEntry } from "../stacks/discover";
import { appliedCommits, type Applied } from "./applied";
import type { Mode } from "./gitlab";

/** What decides which stacks a change concerns. */
export interface ChangeOptions {
  mode: Mode;
  /**
   * Commit before the change, for every stack. Default: for updates the last applied commit, otherwise from the CI
   * system.
   */
  base?: string;
  environment?: NodeJS.ProcessEnv;
  /** The repository's folder. */
  project?: string;
}

/**
 * Returns the stacks that a change may concern. An update concerns a stack if anything changed since the commit that was
 * last applied to it, not since the last commit: the pipeline of an earlier commit may have failed, been canceled or not
 * been approved. A stack of which that commit is unknown is always concerned.
 */
export async function concernedStacks(
  entries: StackEntry[],
  { mode, base, environment = process.env, project = "." }: ChangeOptions,
): Promise<StackEntry[]> {
  const git = gitIn(project);
  if (mode !== "update" || base !== undefined) {
    const files = filesSince(base ?? comparedCommit(environment, git), git);
    return concernedBy(entries, files, project);
  }
  const applied = await findApplied(entries, environment, git);
  const groups = new Map<string | undefined, StackEntry[]>();
  for (const entry of entries) {
    const commit = applied.get(entry.name);
    groups.set(commit, [...(groups.get(commit) ?? []), entry]);
  }
  const found = new Set(
    [...groups].flatMap(([commit, group]) =>
      concernedBy(entries, filesSince(commit, git), project, group),
    ),
  );
  return entries.filter((entry) => found.has(entry));
}

/** Returns what is applied; nothing if that cannot be determined: too many previews are better than a lost change. */
async function findApplied(
  entries: StackEntry[],
  environment: NodeJS.ProcessEnv,
  git: Git,
): Promise<Applied> {
  const names = entries.map(({ name }) => name);
  try {
    const applied = await appliedCommits(names, environment, git);
    const unknown = names.filter((name) => !applied.has(name)).length;
    if (unknown > 0) {
      console.error(`no update of ${unknown} stacks is known, so the change concerns them`);
    }
    return applied;
  } catch (error) {
    const reason = reasonOf(error);
    console.error(
      `it is unknown which commits are applied, so the change concerns every stack: ${reason}`,
    );
    return new Map();
  }
}

/** Returns the files that differ from a commit, including deleted ones; undefined if that is unknown. */
function filesSince(base: string | undefined, git: Git): string[] | undefined {
  if (base === undefined) return undefined;
  // In a shallow clone or a rewritten branch, the changed files are unknown, so the change concerns every stack.
  if (git("rev-parse", "--verify", "--quiet", `${base}^{commit}`) === undefined) return undefined;
  return (git("diff", "--name-only", "--no-renames", "--relative", "-z", base) ?? "")
    .split("\0")
    .filter((file) => file !== "");
}

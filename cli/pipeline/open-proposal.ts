import { parse } from "yaml";
import { isMap } from "../../config/is-map";
import { releasePolicy } from "../../config/stack";
import { main } from "../../local/commands/main";
import { canonical } from "../../releases/template";
import { gitIn, type Git } from "../preview/commits";
import { StackFile } from "../release/stack-file";

/** The commits of a stack's branch `advance/<stack>`. */
export interface ProposalCommits {
  /** Commit of the default branch on which the new step is based. */
  before: string;
  /** Commit of the new step. */
  step: string;
  /** Last commit of the branch. */
  proposed: string;
  /** Email address of the author of steps. */
  author: string;
}

/**
 * What to do with the branch: leave it, because it proposes the same step; leave it to the people who changed it; or
 * replace it, in which case the commits of other people are lost.
 */
export type Fate = { kind: "same" | "foreign" | "replace" | "take-away"; foreign: string[] };

/** A YAML document without the results of checks, these results, and the weights of canaries, by path. */
interface Content {
  rest: unknown;
  checks: Map<string, { at: string }>;
  weights: Map<string, number>;
}

/**
 * Returns what to do with the branch of an open proposal. Each run of the schedule has new results of checks. If it pushed
 * them, the checks of the merge request would start again, and its approvals would be lost.
 * @param validFor how long a check allows a promotion, in seconds. A result is replaced after half of this time, so that
 *   there is time to merge it.
 */
export function fateOf(
  { before, step, proposed, author }: ProposalCommits,
  validFor: number,
  git: Git,
  now = new Date(),
): Fate {
  const foreign = foreignCommits(before, proposed, author, git);
  if (foreign.length === 0 && git("rev-parse", `${proposed}^`) === before) {
    const same = filesBetween(proposed, step, git).every(
      (file) => canonical(contentAt(proposed, file, git).rest) === canonicalAt(step, file, git),
    );
    const times = checkTimes(before, proposed, git);
    const isFresh = times.every((at) => now.getTime() - at < (validFor * 1000) / 2);
    if (same && (isFresh || takesRequestsAway(before, step, git))) return { kind: "same", foreign };
  }
  if (takesRequestsAway(before, step, git)) return { kind: "take-away", foreign };
  return { kind: foreign.length > 0 ? "foreign" : "replace", foreign };
}

/** Returns the branch's commits by others, unless the default branch has all that they change. */
function foreignCommits(before: string, proposed: string, author: string, git: Git): string[] {
  const lines = git("log", "--format=%ae %ce %h %s", `${before}..${proposed}`)?.split("\n") ?? [];
  const foreign = lines.filter((line) => !line.startsWith(`${author} ${author} `));
  if (foreign.length === 0) return [];
  // A branch that was kept after it was merged, possibly as another commit.
  const merged = git("merge-tree", "--write-tree", before, proposed);
  if (merged !== undefined && merged === git("rev-parse", `${before}^{tree}`)) return [];
  return foreign.map((line) => line.split(" ").slice(2).join(" "));
}

/** Whether a step sets the weight of a canary to 0. */
function takesRequestsAway(before: string, step: string, git: Git): boolean {
  return filesBetween(before, step, git).some((file) => {
    const former = contentAt(before, file, git).weights;
    return [...contentAt(step, file, git).weights].some(
      ([path, weight]) => weight === 0 && (former.get(path) ?? 0) > 0,
    );
  });
}

/** Returns when the checks were made whose results a proposal adds. */
function checkTimes(before: string, proposed: string, git: Git): number[] {
  return filesBetween(before, proposed, git).flatMap((file) => {
    const former = contentAt(before, file, git).checks;
    return [...contentAt(proposed, file, git).checks].flatMap(([path, check]) =>
      former.get(path)?.at === check.at ? [] : [Date.parse(check.at)],
    );
  });
}

function filesBetween(one: string, other: string, git: Git): string[] {
  const names = git("diff", "--name-only", "--no-renames", "--relative", "-z", one, other) ?? "";
  return names.split("\0").filter((name) => name !== "");
}

function canonicalAt(commit: string, file: string, git: Git): string {
  return canonical(contentAt(commit, file, git).rest);
}

function contentAt(commit: string, file: string, git: Git): Content {
  const content: Content = { rest: undefined, checks: new Map(), weights: new Map() };
  const text = git("show", `${commit}:./${file}`);
  content.rest = text === undefined ? null : without(parse(text, { merge: true }), "", content);
  return content;
}

/** Returns a value without the results of checks, which are added to the content. */
function without(value: unknown, path: string, content: Content): unknown {
  if (Array.isArray(value)) {
    return value.map((each, index) => without(each, `${path}/${index}`, content));
  }
  if (!isMap(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const place = `${path}/${key}`;
    if (key === "check" && isMap(inner) && typeof inner["at"] === "string") {
      content.checks.set(place, { at: inner["at"] });
      return [];
    }
    if (key === "canary" && isMap(inner) && typeof inner["weight"] === "number") {
      content.weights.set(place, inner["weight"]);
    }
    return [[key, without(inner, place, content)] as const];
  });
  return Object.fromEntries(entries);
}

/** Prints what to do with the branch of a stack's proposal, and to the standard error what people need to know. */
function printFate(stack: string, commits: ProposalCommits): void {
  const { validFor } = releasePolicy.parse(new StackFile(stack).values().releases ?? {}).check;
  const { kind, foreign } = fateOf(commits, validFor, gitIn("."));
  const list = foreign.map((line) => `\n  ${line}`).join("");
  const branch = `Branch advance/${stack}`;
  if (kind === "same") console.error(`${branch} already proposes this step.`);
  if (kind === "foreign") {
    console.error(
      `${branch} has commits by other people, so this step is not proposed. Merge the branch or delete it:${list}`,
    );
  }
  if (kind === "take-away" && foreign.length > 0) {
    console.error(
      `${branch} had commits by other people. The step that takes requests from a canary replaces them:${list}`,
    );
  }
  console.log(kind);
}

if (require.main === module) {
  const [stack = "", before = "", proposed = "", author = ""] = process.argv.slice(2);
  main(() =>
    Promise.resolve().then(() => printFate(stack, { before, step: "HEAD", proposed, author })),
  );
}

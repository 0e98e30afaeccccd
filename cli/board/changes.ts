import { gitIn, type Git } from "../preview/commits";

/** A commit that changed a file. */
export interface Change {
  commit: string;
  by: string;
  /** ISO 8601. */
  at: string;
  subject: string;
  /** Merge or pull request of the commit, for example `!12` or `#12`. */
  request?: string;
}

/** The commits that changed each file, the latest first, by the path relative to the project's folder. */
export type Changes = Map<string, Change[]>;

/** Maximum number of commits that are read: an environment's files change a few times a day. */
const maxCommits = 20_000;
/** Maximum number of commits for each file. */
const maxChanges = 20;

const format = "--format=%x01%H%x02%P%x02%an%x02%aI%x02%s%x02%b%x03";

/** Reads the history of all files in one pass. Returns an empty map if the folder is in no repository. */
export function changesOf(git: Git = gitIn(".")): Changes {
  const log = (...args: string[]) => commitsIn(git("log", `-${maxCommits}`, format, "-z", ...args));
  const merged = requestsOf(log("--topo-order"));
  const changes: Changes = new Map();
  const paths = ["--", "apps", ":(glob)Pulumi.*.yaml"];
  for (const { files, change } of log("--relative", "--name-only", "--no-merges", ...paths)) {
    const request = change.request ?? merged.get(change.commit);
    for (const file of files) {
      const known = changes.get(file) ?? [];
      if (known.length < maxChanges) changes.set(file, [...known, { ...change, request }]);
    }
  }
  return changes;
}

/** Returns the request of each commit: that of the merge commit that added it to the main line. */
function requestsOf(commits: Commit[]): Map<string, string> {
  const known = new Map(commits.map((commit) => [commit.change.commit, commit]));
  const line: Commit[] = [];
  for (let at = commits[0]; at !== undefined; at = known.get(at.parents[0] ?? "")) line.push(at);
  const seen = new Set(line.map(({ change }) => change.commit));
  const found = new Map<string, string>();
  for (const { parents, change } of line.reverse()) {
    const open = parents.slice(1);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const commit = known.get(next);
      if (commit === undefined || seen.has(next)) continue;
      seen.add(next);
      if (change.request !== undefined) found.set(next, change.request);
      open.push(...commit.parents);
    }
  }
  return found;
}

/** Returns the address of a merge or pull request, if the address of the repository shows it. */
export function requestUrl(request: string, git: Git = gitIn(".")): string | undefined {
  const remote = git("remote", "get-url", "origin") ?? "";
  // Without credentials that the address may contain.
  const [, host, path] =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)([\w.-]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/.exec(
      remote,
    ) ?? [];
  if (host === undefined || path === undefined) return undefined;
  const number = request.slice(1);
  const place = request.startsWith("!") ? `-/merge_requests/${number}` : `pull/${number}`;
  return `https://${host}/${path.split("/").map(encodeURIComponent).join("/")}/${place}`;
}

interface Commit {
  parents: string[];
  files: string[];
  change: Change;
}

function commitsIn(text = ""): Commit[] {
  return text
    .split("\u0001")
    .slice(1)
    .map((entry) => {
      const [head = "", tail = ""] = entry.split("\u0003");
      const [commit = "", parents = "", by = "", at = "", subject = "", body = ""] =
        head.split("\u0002");
      return {
        parents: parents.split(" "),
        files: tail.split(/[\0\n]/).filter((file) => file !== ""),
        change: {
          commit,
          by,
          at: new Date(at).toISOString(),
          subject,
          request: requestIn(subject, body),
        },
      };
    });
}

/**
 * Returns the request that the message of a commit names: GitLab writes `See merge request ops/platform!12`,
 * others `(#12)` or `Merge pull request #12`.
 */
function requestIn(subject: string, body: string): string | undefined {
  const gitlab = /See merge request \S*?(!\d+)/.exec(body)?.[1];
  return gitlab ?? /\((#\d+)\)$|pull request (#\d+)/.exec(subject)?.slice(1).find(Boolean);
}

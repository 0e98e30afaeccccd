import { parse } from "yaml";
import { appsFolder, groupsFolder } from "../../config/app-files";
import { isMap } from "../../config/is-map";
import { policy as policySchema } from "../../config/policy";
import {
  ownersRule,
  type Proposal,
  type ProposedFile,
  type Proposers,
} from "../../policy/rules/owners";
import type { Violation } from "../../policy/check";
import { gitIn, commitsOf, type Git } from "../preview/commits";

/** Variables of each CI system: one that exists only for merge requests, and one with the author. */
const systems = [
  { name: "GitLab", request: "CI_MERGE_REQUEST_IID", author: "GITLAB_USER_LOGIN" },
  { name: "Jenkins", request: "CHANGE_ID", author: "CHANGE_AUTHOR" },
  // GitHub and Gitea set it only in jobs of a pull request.
  { name: "GitHub", request: "GITHUB_HEAD_REF", author: "GITHUB_ACTOR" },
] as const;

/**
 * Returns the violations of the owners rule by the current change; none if CI does not name its author.
 * @param file path of the stack file, relative to the project's folder. Its content before the change decides.
 */
export function ownersViolations(
  file: string,
  environment: NodeJS.ProcessEnv = process.env,
  git: Git = gitIn("."),
): Violation[] {
  const system = systems.find(({ request }) => environment[request]);
  const by = system && environment[system.author];
  if (!by) return [];
  const { id, title, level } = ownersRule;
  const { base } = commitsOf(environment, git);
  const known = base && git("rev-parse", "--verify", "--quiet", `${base}^{commit}`);
  if (known === undefined) {
    // The former file is unknown, so the current one decides whether the rule applies.
    if (Object.keys(proposersAt(git, "HEAD", file)).length === 0) return [];
    const message =
      "expected the commit before the change, got a clone without it: it cannot be determined who may change these files; fetch the whole history (GIT_DEPTH: 0)";
    return [{ rule: id, title, level, object: file, message }];
  }
  const proposers = proposersAt(git, known, file);
  if (Object.keys(proposers).length === 0) return [];
  const found = ownersRule.check({ by, files: filesSince(git, known) }, proposers);
  return found.map((finding) => ({ rule: id, title, level, ...finding }));
}

/** Returns the logins that may propose changes, according to the stack file before the change. */
function proposersAt(git: Git, base: string, file: string): Proposers {
  const content = yamlAt(git, `${base}:./${file}`);
  const config = isMap(content) ? content["config"] : undefined;
  const parsed = policySchema.safeParse(
    (isMap(config) ? config["platform:policy"] : undefined) ?? {},
  );
  return parsed.success ? (parsed.data.proposers ?? {}) : {};
}

function filesSince(git: Git, base: string): Proposal["files"] {
  // A moved file is a deleted file and a new one, each with its owner.
  const names =
    git("diff", "--name-only", "--no-renames", "--relative", "-z", `${base}...HEAD`) ?? "";
  const paths = names.split("\0").filter((path) => path !== "");
  const folders = configFolders(git, base, paths);
  return paths.map((path): ProposedFile => {
    if (path.startsWith(`${groupsFolder}/`)) {
      const sides = [base, "HEAD"].map((commit) => teamsOfGroup(git, commit, path));
      const known = sides.every((side) => side === undefined || side.length > 0);
      return {
        path,
        owners: known ? [...new Set(sides.flatMap((side) => side ?? []))].sort() : [],
      };
    }
    const teams = [base, "HEAD"].flatMap((commit) =>
      teamIn(yamlAt(git, `${commit}:./${path}`), path),
    );
    const shared = folders
      .filter(({ folder }) => path.startsWith(`${folder}/`))
      .map(({ team }) => team);
    return { path, owners: [...new Set([...teams, ...shared])].sort() };
  });
}

function teamIn(content: unknown, path: string): string[] {
  if (!/^apps\/[^/]+\/[^/]+\.yaml$/.test(path) || !isMap(content)) return [];
  const { team } = content;
  return typeof team === "string" ? [team] : [];
}

/**
 * Returns the teams of all apps of a release group, which own its file together. Undefined if there is no such
 * file; empty if one of the apps has no file of its own: its team is then unknown, and the platform team owns
 * the group.
 */
function teamsOfGroup(git: Git, commit: string, path: string): string[] | undefined {
  const content = yamlAt(git, `${commit}:./${path}`);
  if (content === undefined) return undefined;
  const waves = isMap(content) ? content["waves"] : undefined;
  const apps: unknown[] = Array.isArray(waves) ? waves.flat() : [];
  const names = git("ls-tree", "-r", "-z", "--name-only", commit, "--", `${appsFolder}/`) ?? "";
  const files = names.split("\0").filter((name) => !name.startsWith(`${groupsFolder}/`));
  const teams = apps.map((app) =>
    files
      .filter((file) => file.endsWith(`/${String(app)}.yaml`))
      .flatMap((file) => teamIn(yamlAt(git, `${commit}:./${file}`), file)),
  );
  return teams.some((found) => found.length === 0) ? [] : teams.flat();
}

/** Returns the folders that apps mount, with the team of each app, if a file in such a folder changed. */
function configFolders(
  git: Git,
  base: string,
  paths: string[],
): { folder: string; team: string }[] {
  if (!paths.some((path) => /^apps\/[^/]+\/[^/]+\//.test(path))) return [];
  return [base, "HEAD"].flatMap((commit) => {
    const files = git("grep", "-l", "-z", "configDir", commit, "--", "apps/*.yaml") ?? "";
    return files
      .split("\0")
      .filter((name) => name !== "")
      .flatMap((name) => {
        const path = name.slice(commit.length + 1);
        const content = yamlAt(git, `${commit}:./${path}`);
        const [team] = teamIn(content, path);
        const dirs = isMap(content) && isMap(content["configDir"]) ? content["configDir"] : {};
        return Object.values(dirs).flatMap((folder) =>
          team !== undefined && typeof folder === "string" ? [{ folder, team }] : [],
        );
      });
  });
}

/**
 * Returns the content of a file in a commit; undefined if it does not exist, or is not YAML and therefore not
 * an app's file.
 */
function yamlAt(git: Git, name: string): unknown {
  const text = git("show", name);
  if (text === undefined) return undefined;
  try {
    return parse(text, { merge: true, logLevel: "error" });
  } catch {
    return undefined;
  }
}

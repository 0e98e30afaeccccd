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
import type { Finding } from "../../policy/rule";
import { comparedCommit, gitIn, type Git } from "../preview/commits";
import type { Author } from "./author";

/**
 * Returns how the current change violates the owners rule, with the proposers that one stack file lists.
 * @param file path of the stack file, relative to the project's folder. Its content before the change decides.
 * @param author undefined outside of a merge request, where nothing is checked.
 */
export function ownersViolations(
  file: string,
  author: Author | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  git: Git = gitIn("."),
): Violation[] {
  if (author === undefined) return [];
  return violationsSince(baseOf(environment, git), file, author, git);
}

/** @param base the commit before the change; undefined if the clone does not have it. */
function violationsSince(
  base: string | undefined,
  file: string,
  author: Author,
  git: Git,
): Violation[] {
  // If the former file is unknown, the current one decides whether the rule applies.
  const proposers = proposersAt(git, base ?? "HEAD", file);
  if (Object.keys(proposers).length === 0) return [];
  const unchecked = (message: string) => [violation({ object: file, message })];
  if (base === undefined) {
    return unchecked(
      "expected the commit before the change, got a clone without it, so it is unknown who may change these files; fetch the whole history (GIT_DEPTH: 0)",
    );
  }
  if ("unknown" in author) {
    return unchecked(
      `expected the author of the merge request, got none: it was not checked who may change these files; ${author.unknown}`,
    );
  }
  return ownersRule
    .check({ by: author.login, files: filesSince(git, base) }, proposers)
    .map(violation);
}

/**
 * Returns the violations by the proposers of every stack file, each once. The previews of a change run the rule for the
 * stacks that it concerns; a change of CI or of the policy itself may concern none.
 */
export function allOwnersViolations(
  author: Author | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  git: Git = gitIn("."),
): Violation[] {
  if (author === undefined) return [];
  const base = baseOf(environment, git);
  const commit = base ?? "HEAD";
  const names = git("grep", "-l", "-z", "proposers", commit, "--", "Pulumi.*.yaml") ?? "";
  const files = names
    .split("\0")
    .map((name) => name.slice(commit.length + 1))
    .filter((name) => /^Pulumi\.[^/]+\.yaml$/.test(name));
  const found = files.flatMap((file) => violationsSince(base, file, author, git));
  return [...new Map(found.map((each) => [`${each.object}: ${each.message}`, each])).values()];
}

/** Returns the commit before the change; undefined if the clone does not have it. */
function baseOf(environment: NodeJS.ProcessEnv, git: Git): string | undefined {
  const base = comparedCommit(environment, git);
  return base && git("rev-parse", "--verify", "--quiet", `${base}^{commit}`);
}

function violation(finding: Finding): Violation {
  const { id, title, level } = ownersRule;
  return { rule: id, title, level, ...finding };
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

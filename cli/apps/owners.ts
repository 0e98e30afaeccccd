import { readdirSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { appsFolder, groupsFolder, readAppFiles } from "../../config/app-files";
import { platformNameOf, readGroups } from "../../config/groups";
import { show } from "../../config/errors";
import { isMap } from "../../config/is-map";
import { discover, platformStackOf, type StackEntry } from "../stacks/discover";

/**
 * Returns the text of a CODEOWNERS file: each team owns the files of its apps, and those of the release groups
 * with its apps.
 * @param prefix prefix of the teams' names, for example `@company/`.
 */
export function codeOwners(prefix: string, folder = "."): { text: string; problems: string[] } {
  const problems: string[] = [];
  const lines: string[] = [];
  const entries = discover(folder, "", folder);
  const teams = knownTeams(entries);
  for (const environment of foldersIn(join(folder, appsFolder))) {
    const place = `${appsFolder}/${environment}`;
    const { apps, origins, errors } = readAppFiles(place, folder);
    problems.push(
      ...errors
        .filter(({ key }) => key !== "platform:appFiles")
        .map(({ key, message }) => `${key}: ${message}`),
    );
    for (const [app, content] of Object.entries(apps)) {
      const file = origins[app] ?? "";
      const { team, configDir } = (content ?? {}) as { team?: unknown; configDir?: unknown };
      if (typeof team !== "string" || !/^[a-z][a-z0-9-]*$/.test(team)) {
        problems.push(`${file}: team: expected the name of a team, got ${show(team)}`);
        continue;
      }
      if (teams.size > 0 && !teams.has(team)) {
        problems.push(
          `${file}: team: expected a team of a stack, got ${team}; the teams are ${[...teams].sort().join(", ")}`,
        );
      }
      lines.push(`/${file} ${prefix}${team}`);
      for (const dir of Object.values(isMap(configDir) ? configDir : {})) {
        if (typeof dir === "string") lines.push(`/${dir}/ ${prefix}${team}`);
      }
    }
  }
  for (const platform of foldersIn(join(folder, groupsFolder))) {
    const found = readGroups(platform, folder);
    const errors = found.problems.flatMap((problem) => problem.errors);
    problems.push(...errors.map(({ key, message }) => `${key}: ${message}`));
    const teamOf = teamsOfApps(platform, entries);
    for (const { file, waves } of found.groups) {
      const owners = [...new Set(waves.flat().map((app) => teamOf.get(app)))].filter(isText);
      if (owners.length === 0)
        problems.push(`${file}: waves: expected apps of stacks of ${platform}, got none`);
      else
        lines.push(
          `/${file} ${owners
            .sort()
            .map((team) => `${prefix}${team}`)
            .join(" ")}`,
        );
    }
  }
  const head = "# Written by: npx platform apps owners";
  return { text: `${[head, ...lines.sort()].join("\n")}\n`, problems };
}

/** Returns the team of each app of a platform's stacks. */
function teamsOfApps(platform: string, entries: StackEntry[]): Map<string, unknown> {
  const own = entries.filter(
    (entry) => platformNameOf(entry.name, platformStackOf(entry)) === platform,
  );
  const apps = own.flatMap(({ config }) => {
    const declared = config["platform:apps"];
    return Object.entries(isMap(declared) ? declared : {});
  });
  return new Map(apps.map(([app, content]) => [app, isMap(content) ? content["team"] : undefined]));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Returns the teams in the tenancy of any stack; empty if no stack has one. */
function knownTeams(entries: StackEntry[]): Set<string> {
  const names = entries.flatMap(({ config }) => {
    const components = config["platform:components"];
    const tenancy = isMap(components) ? components["tenancy"] : undefined;
    const teams = isMap(tenancy) ? tenancy["teams"] : undefined;
    return isMap(teams) ? Object.keys(teams) : [];
  });
  return new Set(names);
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort();
}

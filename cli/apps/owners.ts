import { readdirSync, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { appsFolder, readAppFiles } from "../../config/app-files";
import { discover } from "../stacks/discover";
import { isMap } from "../../config/is-map";

/**
 * The text of a CODEOWNERS file: each team owns the files of its apps.
 * @param prefix what stands before a team's name, for example `@company/`.
 */
export function codeOwners(prefix: string, folder = "."): { text: string; problems: string[] } {
  const problems: string[] = [];
  const lines: string[] = [];
  const teams = knownTeams(folder);
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
        problems.push(`${file}: team: expected a team's name`);
        continue;
      }
      if (teams.size > 0 && !teams.has(team)) {
        problems.push(
          `${file}: team: expected a team of a stack, got ${team}; there are ${[...teams].sort().join(", ")}`,
        );
      }
      lines.push(`/${file} ${prefix}${team}`);
      for (const dir of Object.values(isMap(configDir) ? configDir : {})) {
        if (typeof dir === "string") lines.push(`/${dir}/ ${prefix}${team}`);
      }
    }
  }
  const head = "# Written by: npm run apps -- owners";
  return { text: `${[head, ...lines.sort()].join("\n")}\n`, problems };
}

/** Teams that any stack's tenancy names; empty where none does. */
function knownTeams(folder: string): Set<string> {
  const names = discover(folder, "", folder).flatMap(({ config }) => {
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

import type { GlobalRole, ItemRole, RoleEntry } from "./casc";
import { secretFile } from "./casc-yaml";

/** Groups of a team, by what they may do with its pipelines. */
export interface TeamGroups {
  /** See builds and their logs. */
  view: string[];
  /** Start and stop builds as well. */
  build: string[];
}

/** File of the Secret with the name of the user whose API token starts builds from outside. */
export const triggerUser = secretFile("trigger-user");

/** File of the Secret with the name of the user who may do everything, for emergencies. */
export const adminUser = secretFile("admin-user");

/**
 * What a developer may do with the own team's apps. Neither configuring nor replaying: what a
 * pipeline does is this repository's, so that nobody's build reaches the credentials of a release.
 */
const developer = ["Job/Build", "Job/Cancel", "Job/Discover", "Job/Read", "Job/Workspace"];

const viewer = ["Job/Discover", "Job/Read"];

/** Roles for all of Jenkins. */
export function globalRoles(administrators: string[]): GlobalRole[] {
  return [
    {
      name: "administrator",
      description: "May do everything",
      permissions: ["Overall/Administer"],
      entries: [{ user: adminUser }, ...administrators.map(group)],
    },
    {
      name: "reader",
      description: "May log in; the roles of the teams' folders say what is seen",
      permissions: ["Overall/Read"],
      entries: [{ group: "authenticated" }, { user: triggerUser }],
    },
  ];
}

/** Roles for the folder of each team. A team's name holds nothing that an expression reads otherwise. */
export function itemRoles(teams: Record<string, TeamGroups>): ItemRole[] {
  return [
    ...Object.entries(teams).flatMap(([team, { view, build }]) => [
      teamRole(team, `${team}-view`, `May see the builds of team ${team}`, viewer, view),
      teamRole(team, `${team}-build`, `May build the apps of team ${team}`, developer, build),
    ]),
    {
      name: "trigger",
      description: "Starts builds through the API",
      pattern: ".*",
      permissions: ["Job/Build", "Job/Read"],
      entries: [{ user: triggerUser }],
    },
  ];
}

function teamRole(
  team: string,
  name: string,
  description: string,
  permissions: string[],
  groups: string[],
): ItemRole {
  return { name, description, pattern: `${team}(/.*)?`, permissions, entries: groups.map(group) };
}

function group(name: string): RoleEntry {
  return { group: name };
}

import type { GlobalRole, ItemRole, RoleEntry } from "./casc";
import { secretFile } from "./casc-yaml";

/** Groups of a team, by their rights on its pipelines. */
export interface TeamGroups {
  /** Groups that see builds and their logs. */
  view: string[];
  /** Groups that also start and stop builds. */
  build: string[];
}

/** Secret file with the name of the user whose API token starts builds from outside. */
export const triggerUser = secretFile("trigger-user");

/** Secret file with the name of the emergency administrator. */
export const adminUser = secretFile("admin-user");

/**
 * Rights of developers on their own team's apps. They can neither configure nor replay a pipeline: this repository
 * defines the pipelines, so that no build reaches the credentials of a release. They cannot browse workspaces either,
 * because some stages of an app's pipeline work with these credentials.
 */
const developer = ["Job/Build", "Job/Cancel", "Job/Discover", "Job/Read"];

const viewer = ["Job/Discover", "Job/Read"];

/** Returns the global roles. */
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

/** Returns one role for the folder of each team. Team names contain no regular expression characters. */
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

/**
 * Returns the groups that can be named as those who may approve a step of a pipeline. Jenkins separates the names by
 * commas, so a group with a comma in its name cannot be one of them.
 */
export function approverNames(groups: string[]): string[] {
  return groups.filter((name) => !name.includes(","));
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

import type { GlobalRole, ItemRole, RoleEntry } from "./casc";

/** Groups of the login's provider, by what they may do. */
export interface Groups {
  /** May do everything. */
  administrators: string[];
  /** May build the apps of a team, by the team's name; the group of that name without it. */
  teams: Record<string, string[]>;
}

/** User whose API token starts builds from outside. */
export const triggerUser = "trigger";

/** User who may do everything, for the first login and for emergencies. */
export const adminUser = "admin";

/**
 * What a developer may do with the own team's apps. Neither configuring nor replaying: what a
 * pipeline does is this repository's, so that nobody's build reaches the credentials of a release.
 */
const developer = ["Job/Build", "Job/Cancel", "Job/Discover", "Job/Read", "Job/Workspace"];

/** Roles for all of Jenkins. */
export function globalRoles({ administrators }: Groups): GlobalRole[] {
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

/** Roles for the folder of each team. */
export function itemRoles(teams: string[], groups: Groups): ItemRole[] {
  return [
    ...teams.map((team) => ({
      name: team,
      description: `Developers of team ${team}`,
      pattern: `${team}(/.*)?`,
      permissions: developer,
      entries: (groups.teams[team] ?? [team]).map(group),
    })),
    {
      name: "trigger",
      description: "Starts builds through the API",
      pattern: ".*",
      permissions: ["Job/Build", "Job/Read"],
      entries: [{ user: triggerUser }],
    },
  ];
}

function group(name: string): RoleEntry {
  return { group: name };
}

import type { HarborConfig } from "../../config";

/** Project of the images that apps are built from. */
const baseProject = "template";

/** A robot account of Harbor, and what it may do in which projects. */
export interface Robot {
  name: string;
  permissions: {
    kind: "project";
    /** Name of a project, `*` for all. */
    namespace: string;
    access: { resource: "repository"; action: "pull" | "push" }[];
  }[];
}

/** What the bootstrap script brings about. */
export interface BootstrapSettings {
  url: string;
  configuration: Record<string, string | boolean>;
  projects: { name: string; metadata: Record<string, string>; retained: boolean }[];
  robots: Robot[];
  retention: object;
  garbageCollection: object;
}

/** Account that builds images and pushes them. */
export const ciRobot = "ci";

/** Account by which the machines pull a team's images. */
export function pullRobot(team: string): string {
  return `pull-${team}`;
}

/**
 * Settings of Harbor for the apps of a stack.
 * @param domains of each team's apps, by team; a domain is a project.
 */
export function bootstrapSettings(
  url: string,
  domains: Record<string, string[]>,
  { retention, garbageCollection }: Pick<HarborConfig, "retention" | "garbageCollection">,
): BootstrapSettings {
  const all = Object.values(domains).flat().sort();
  // Private, and every image scanned when it arrives.
  const metadata = { public: "false", auto_scan: "true" };
  return {
    url,
    configuration: { self_registration: false, project_creation_restriction: "adminonly" },
    projects: [
      { name: baseProject, metadata, retained: false },
      ...all.map((name) => ({ name, metadata, retained: true })),
    ],
    robots: [
      { name: ciRobot, permissions: [permission("*", ["pull", "push"])] },
      ...Object.entries(domains).map(([team, projects]) => ({
        name: pullRobot(team),
        permissions: [baseProject, ...projects].map((project) => permission(project, ["pull"])),
      })),
    ],
    retention: retentionPolicy(retention),
    garbageCollection: {
      schedule: { type: "Custom", cron: garbageCollection },
      parameters: { delete_untagged: true },
    },
  };
}

function permission(namespace: string, actions: ("pull" | "push")[]): Robot["permissions"][number] {
  return {
    kind: "project",
    namespace,
    access: actions.map((action) => ({ resource: "repository", action })),
  };
}

/** What stays is what either rule keeps. Daily at 1:00 UTC, before garbage collection by default. */
function retentionPolicy({ latest, pulledWithin }: HarborConfig["retention"]): object {
  const days = Math.ceil(pulledWithin / 86_400);
  return {
    algorithm: "or",
    rules: [
      rule("latestPushedK", { latestPushedK: latest }),
      rule("nDaysSinceLastPull", { nDaysSinceLastPull: days }),
    ],
    trigger: { kind: "Schedule", settings: { cron: "0 0 1 * * *" } },
  };
}

function rule(template: string, params: Record<string, number>): object {
  const matching = (decoration: string) => ({ kind: "doublestar", decoration, pattern: "**" });
  return {
    disabled: false,
    action: "retain",
    template,
    params,
    tag_selectors: [matching("matches")],
    scope_selectors: { repository: [matching("repoMatches")] },
  };
}

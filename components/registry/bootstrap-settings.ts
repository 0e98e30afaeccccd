import type { HarborConfig } from "../../config";
import { daysOf } from "../../config/durations";
import { environment } from "../../config/environments";

/** Project of the base images of apps. */
const baseProject = "template";

/** A robot account of Harbor with its rights by project. */
export interface Robot {
  name: string;
  permissions: {
    kind: "project";
    /** Name of a project; `*` for all. */
    namespace: string;
    access: { resource: "repository"; action: "pull" | "push" }[];
  }[];
}

/** Settings of the bootstrap script. */
export interface BootstrapSettings {
  url: string;
  configuration: Record<string, string | boolean>;
  projects: { name: string; metadata: Record<string, string>; retained: boolean }[];
  robots: Robot[];
  retention: object;
  garbageCollection: object;
}

/** Account with which builds push images. */
export const ciRobot = "ci";

/** Returns the account with which nodes pull a team's images. */
export function pullRobot(team: string): string {
  return `pull-${team}`;
}

/**
 * Returns the settings of Harbor for the apps of a stack.
 * @param domains domains of each team's apps, by team; a domain is a project.
 */
export function bootstrapSettings(
  url: string,
  domains: Record<string, string[]>,
  { retention, garbageCollection }: Pick<HarborConfig, "retention" | "garbageCollection">,
): BootstrapSettings {
  const all = Object.values(domains).flat().sort();
  // Private, and every image is scanned after the push.
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

/**
 * Keeps images that match any rule. Builds name an image by version, environment and commit: each environment has its
 * own rule, because the builds of one would otherwise displace the images that another one runs. Runs daily at 1:00
 * UTC, before the default time of garbage collection.
 */
function retentionPolicy({ latest, pulledWithin }: HarborConfig["retention"]): object {
  return {
    algorithm: "or",
    rules: [
      ...environment.options.map((name) =>
        rule("latestPushedK", { latestPushedK: latest }, `*-${name}-*`),
      ),
      rule("latestPushedK", { latestPushedK: latest }),
      rule("nDaysSinceLastPull", { nDaysSinceLastPull: daysOf(pulledWithin) }),
    ],
    trigger: { kind: "Schedule", settings: { cron: "0 0 1 * * *" } },
  };
}

function rule(template: string, params: Record<string, number>, tags = "**"): object {
  const matching = (decoration: string, pattern = "**") => {
    return { kind: "doublestar", decoration, pattern };
  };
  return {
    disabled: false,
    action: "retain",
    template,
    params,
    tag_selectors: [matching("matches", tags)],
    scope_selectors: { repository: [matching("repoMatches")] },
  };
}

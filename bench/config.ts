import { stackFileConfig } from "../config/stack-file";

type Config = Record<string, unknown>;

/** Number of teams of a stack's apps. */
const maxTeams = 10;

const environment = { "platform:environment": "dev", "platform:domain": "platform.test" };

/** Release settings without waiting times. */
const releases = {
  "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
};

/** Returns the name of an app by its number; all names have the same length. */
export function appName(index: number): string {
  return `app-${String(index).padStart(3, "0")}`;
}

/** Returns `1 app`, `700 apps`. */
export function appCount(apps: number): string {
  return `${apps} app${apps === 1 ? "" : "s"}`;
}

/** Returns the team of an app by its number. */
export function teamName(index: number): string {
  return `team-${index % maxTeams}`;
}

/** Returns a stack's config with teams, and a number of apps with a canary each. */
export function stackOf(apps: number): Config {
  return {
    ...environment,
    ...releases,
    "platform:components": { tenancy: tenancy(Math.min(maxTeams, apps)) },
    "platform:apps": appsOf(apps),
  };
}

/** Returns a minimal config for a platform stack that its apps need. */
export function platformConfig(): Config {
  const { gateway } = stackFileConfig("dev")["platform:components"] as { gateway: object };
  return {
    ...environment,
    "platform:components": { placement: {}, tenancy: tenancy(maxTeams), gateway },
  };
}

/**
 * Returns the config of a stack with apps only.
 * @param platform name of its platform stack.
 */
export function appStackConfig(apps: Record<string, object>, platform: string): Config {
  return {
    ...environment,
    ...releases,
    "platform:platformStack": `organization/platform/${platform}`,
    "platform:apps": apps,
  };
}

/** Returns a number of apps by name. */
export function appsOf(count: number, first = 0): Record<string, object> {
  const indexes = Array.from({ length: count }, (_, index) => first + index);
  return Object.fromEntries(indexes.map((index) => [appName(index), appOf(index)]));
}

/**
 * Returns an app with a stable release and a canary.
 * @param weight share of the canary, percent.
 */
export function appOf(index: number, weight = 10): object {
  const name = appName(index);
  return {
    team: teamName(index),
    domain: `${name}.platform.test`,
    // The same for all, so that the state of one app with another name is the state of the other app.
    image: "harbor.platform.test/bench/app",
    configFiles: { "/etc/app/app.yaml": "number: 1\n" },
    // The one pod that a Deployment starts with is enough for any share: no autoscaler acts here (bench/world.ts).
    scaling: { min: 1 },
    stable: { version: "1.4.2" },
    canary: { version: "1.5.0", weight },
  };
}

function tenancy(teams: number): object {
  const quota = { cpu: "5000", memory: "10000Gi", pods: 10_000 };
  return {
    teams: Object.fromEntries(
      Array.from({ length: teams }, (_, index) => [teamName(index), { quota }]),
    ),
  };
}

import { stackFileConfig } from "../config/stack-file";

type Config = Record<string, unknown>;

/** How many teams share the apps of a stack. */
const mostTeams = 10;

const environment = { "platform:environment": "dev", "platform:domain": "platform.test" };

/** Releases as they come, one after the other, with nothing to wait for. */
const releases = {
  "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
};

/** Name of an app by its number, all of one length. */
export function appName(index: number): string {
  return `app-${String(index).padStart(3, "0")}`;
}

/** `1 app`, `700 apps`. */
export function appCount(apps: number): string {
  return `${apps} app${apps === 1 ? "" : "s"}`;
}

/** The team of an app by its number. */
export function teamName(index: number): string {
  return `team-${index % mostTeams}`;
}

/** A stack's config with everything in it: teams, and a number of apps, each with a canary. */
export function stackOf(apps: number): Config {
  return {
    ...environment,
    ...releases,
    "platform:components": { tenancy: tenancy(Math.min(mostTeams, apps)) },
    "platform:apps": appsOf(apps),
  };
}

/** A platform stack's config: what its apps need, and no more. */
export function platformConfig(): Config {
  const { gateway } = stackFileConfig("dev")["platform:components"] as { gateway: object };
  return {
    ...environment,
    "platform:components": { placement: {}, tenancy: tenancy(mostTeams), gateway },
  };
}

/** Config of a stack that has apps only. @param platform name of its platform stack. */
export function appStackConfig(apps: Record<string, object>, platform: string): Config {
  return {
    ...environment,
    ...releases,
    "platform:platformStack": `organization/platform/${platform}`,
    "platform:apps": apps,
  };
}

/** A number of apps by name. */
export function appsOf(count: number, first = 0): Record<string, object> {
  const indexes = Array.from({ length: count }, (_, index) => first + index);
  return Object.fromEntries(indexes.map((index) => [appName(index), appOf(index)]));
}

/** One app with a stable release and a canary. @param weight share of the canary, percent. */
export function appOf(index: number, weight = 10): object {
  const name = appName(index);
  return {
    team: teamName(index),
    domain: `${name}.platform.test`,
    // The same for all, so that one app's state with another's name is that app's.
    image: "harbor.platform.test/bench/app",
    configFiles: { "/etc/app/app.yaml": "number: 1\n" },
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

import type { FleetApp, FleetRelease } from "./apps";

/** Conditions of a query. Apps that meet all of them are found. */
export interface Query {
  /** A running release has this version, or this key. */
  version?: string;
  /** Base image, or the beginning of its name: `tomcat`, `php:7`. */
  runtime?: string;
  preset?: string;
  team?: string;
  environment?: string;
  /** Whether a freeze is in force. */
  frozen?: boolean;
  /** Minimum age of the app's canary, seconds. */
  canaryOlderThan?: number;
  /** Whether the app differs between its environments. */
  differs?: boolean;
}

/** An app that was found, and how it differs between its environments. */
export interface Found {
  app: FleetApp;
  differs: string[];
}

/** What is compared between environments, by its name for people. */
const compared: Record<string, (app: FleetApp) => string | undefined> = {
  stable: (app) => stableOf(app)?.key,
  preset: ({ preset }) => preset,
  runtime: ({ runtime }) => runtime,
};

/** Returns the apps that meet the conditions of a query, in their order. */
export function find(apps: FleetApp[], query: Query, now: Date): Found[] {
  const differing = differences(apps);
  return apps
    .filter((app) => fits(app, query, now))
    .map((app) => ({ app, differs: differing.get(app.app) ?? [] }))
    .filter(({ differs }) => query.differs !== true || differs.length > 0);
}

/** Returns the stable release. */
export function stableOf({ releases }: FleetApp): FleetRelease | undefined {
  return releases.find(({ role }) => role === "stable");
}

/** Returns the canary. */
export function canaryOf({ releases }: FleetApp): FleetRelease | undefined {
  return releases.find(({ role }) => role === "canary");
}

/** Returns the releases that wait for a rollback. */
export function keptOf({ releases }: FleetApp): FleetRelease[] {
  return releases.filter(({ role }) => role === "kept");
}

/** Returns the seconds since a time. */
export function age(since: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1000));
}

function fits(app: FleetApp, query: Query, now: Date): boolean {
  const { version, runtime, preset, team, environment } = query;
  const since = canaryOf(app)?.since;
  return (
    (version === undefined ||
      app.releases.some((release) => release.version === version || release.key === version)) &&
    (runtime === undefined || startsWith(app.runtime ?? "", runtime)) &&
    (preset === undefined || app.preset === preset) &&
    (team === undefined || app.team === team) &&
    (environment === undefined || app.environment === environment) &&
    (query.frozen !== true || app.freezes.length > 0) &&
    (query.canaryOlderThan === undefined ||
      (since !== undefined && age(since, now) >= query.canaryOlderThan))
  );
}

/** `php:7` matches `php:7.2.11` and not `php:70`: a new part of the name must follow. */
function startsWith(name: string, text: string): boolean {
  if (!name.startsWith(text)) return false;
  const rest = name.slice(text.length);
  return rest === "" || !/^[a-z0-9]/.test(rest) || /[:.-]$/.test(text);
}

/** Returns how each app differs between its environments, by the app's name. */
function differences(apps: FleetApp[]): Map<string, string[]> {
  const byName = new Map<string, FleetApp[]>();
  for (const app of apps) byName.set(app.app, [...(byName.get(app.app) ?? []), app]);
  return new Map(
    [...byName].map(([name, all]) => [
      name,
      Object.entries(compared)
        .filter(([, value]) => new Set(all.map(value)).size > 1)
        .map(([what]) => what),
    ]),
  );
}

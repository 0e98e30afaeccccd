import type { FleetApp, FleetRelease } from "./apps";

/** What a query asks for; apps that fit all of it are found. */
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
  /** Seconds for which the app has had its canary, at least. */
  canaryOlderThan?: number;
  /** Whether the app is not the same in all environments that it is in. */
  differs?: boolean;
}

/** An app that was found, and in what it differs between its environments. */
export interface Found {
  app: FleetApp;
  differs: string[];
}

/** What is compared between environments, by the name that a person reads. */
const compared: Record<string, (app: FleetApp) => string | undefined> = {
  stable: (app) => stableOf(app)?.key,
  preset: ({ preset }) => preset,
  runtime: ({ runtime }) => runtime,
};

/** The apps that fit a query, in their order. */
export function find(apps: FleetApp[], query: Query, now: Date): Found[] {
  const differing = differences(apps);
  return apps
    .filter((app) => fits(app, query, now))
    .map((app) => ({ app, differs: differing.get(app.app) ?? [] }))
    .filter(({ differs }) => query.differs !== true || differs.length > 0);
}

/** The release that takes what no canary takes. */
export function stableOf({ releases }: FleetApp): FleetRelease | undefined {
  return releases.find(({ role }) => role === "stable");
}

/** The release under trial. */
export function canaryOf({ releases }: FleetApp): FleetRelease | undefined {
  return releases.find(({ role }) => role === "canary");
}

/** Releases that wait for a rollback. */
export function keptOf({ releases }: FleetApp): FleetRelease[] {
  return releases.filter(({ role }) => role === "kept");
}

/** Seconds since a moment. */
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

/** `php:7` names `php:7.2.11` and not `php:70`: what follows begins a new part of the name. */
function startsWith(name: string, text: string): boolean {
  if (!name.startsWith(text)) return false;
  const rest = name.slice(text.length);
  return rest === "" || !/^[a-z0-9]/.test(rest) || /[:.-]$/.test(text);
}

/** In what each app differs between its environments, by the app's name. */
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

import { lookup } from "../../config/lookup";
import { selectedFiles } from "../../config/app-files";
import { isMap } from "../../config/is-map";
import { reasonOf } from "../../config/reason";
import { parseAppRecord, type AppRecord, type CheckEvidence } from "../../releases";
import type { Freeze } from "../../releases";
import { askedOf, type Asked } from "../../program/asked";
import { entranceOf, type Entrance } from "../../program/wait/recorded";
import { presetNames, runtimeOfPreset, type PresetName } from "../../versions/app-runtimes";
import type { StackEntry } from "../stacks/discover";
import type { Recorded } from "./records";
import { freezesOf, soakOf } from "./rules";

/** A release of an app, as far as it is known. */
export interface FleetRelease {
  key: string;
  version: string;
  role: "stable" | "canary" | "kept";
  /** Share of the requests, percent. */
  weight: number;
  /** When it got its role: UTC, ISO 8601; unknown without a record. */
  since?: string;
  check?: CheckEvidence;
}

/** One app in one environment, according to its file and the last update of its stack. */
export interface FleetApp {
  app: string;
  environment: string;
  stack: string;
  /** Path of the file that declares it, relative to the project's folder. */
  file: string;
  team?: string;
  /** Namespace in which the last update created it. */
  namespace?: string;
  domain?: string;
  preset?: string;
  /** Base image that its Dockerfile is built from, for example `node:24.18.0`. */
  runtime?: string;
  /** `worker` for a worker; undefined for a web app. */
  kind?: string;
  /** How requests reach it. */
  entrance: Entrance;
  /** Running releases, or the releases in the file if nothing is recorded. */
  releases: FleetRelease[];
  /** Source of {@link releases}. */
  source: "record" | "file";
  /** Why there is no record. */
  unknown?: string;
  /** Releases in the file. */
  asked: Asked;
  /** What the file requests and the last update did not record, a sentence each. */
  pending: string[];
  /** How long a canary must have been one before it may be promoted, seconds. */
  soak: number;
  /** Freezes that have not ended. */
  freezes: Freeze[];
  record?: AppRecord;
}

/** Apps of many stacks, and the errors in their files. */
export interface Fleet {
  apps: FleetApp[];
  problems: string[];
}

/**
 * Returns every app of the stacks, sorted by name and environment. Files are read tolerantly: an app whose file
 * breaks a rule of the schema is returned with everything that can be read.
 * @param recorded the records of each stack's last update.
 */
export function fleetOf(
  entries: StackEntry[],
  recorded: (stack: string) => Recorded,
  now: Date,
  project = ".",
): Fleet {
  const problems = entries.flatMap(({ file, error }) =>
    error === undefined ? [] : [`${file}: ${error.split("\n")[0] ?? ""}`],
  );
  const apps = entries.flatMap((entry) => {
    const declared = entry.config["platform:apps"];
    if (!isMap(declared)) return [];
    const { origins } = selectedFiles(entry.config["platform:appFiles"], project);
    return Object.entries(declared).map(([app, value]) => {
      const found = appOf(entry, app, isMap(value) ? value : {}, recorded(entry.name), now);
      if (found.problem !== undefined) problems.push(found.problem);
      return { ...found.app, file: lookup(origins, app) ?? entry.file };
    });
  });
  return { apps: apps.sort(byNameAndEnvironment), problems };
}

function appOf(
  { name: stack, file, config }: StackEntry,
  app: string,
  value: Record<string, unknown>,
  recorded: Recorded,
  now: Date,
): { app: FleetApp; problem?: string } {
  const asked = askedOf(value);
  const { record, problem } = recordOf(app, stack, recorded);
  const preset = text(value["preset"]);
  const team = text(value["team"]);
  const unknown =
    recorded.kind === "unknown"
      ? recorded.reason
      : record === undefined
        ? (problem ?? "no update has recorded it yet")
        : undefined;
  return {
    problem,
    app: {
      app,
      environment: text(config["platform:environment"]) ?? "unknown",
      stack,
      file,
      team,
      namespace: recorded.kind === "known" ? lookup(recorded.namespaces, app) : undefined,
      domain: text(value["domain"]),
      preset,
      kind: text(value["kind"]),
      entrance: entranceOf(value),
      runtime: text(value["runtime"]) ?? usualRuntime(preset),
      releases: record === undefined ? releasesAsked(asked) : releasesOf(record),
      source: record === undefined ? "file" : "record",
      unknown,
      asked,
      pending: record === undefined ? [] : pendingOf(asked, record),
      soak: soakOf(config, record),
      freezes: freezesOf(config, value, app, team, now),
      record,
    },
  };
}

function recordOf(
  app: string,
  stack: string,
  recorded: Recorded,
): { record?: AppRecord; problem?: string } {
  if (recorded.kind === "unknown") return {};
  const value = lookup(recorded.releases, app);
  if (value === undefined) return {};
  try {
    return { record: parseAppRecord(value, app) };
  } catch (error) {
    const message = reasonOf(error);
    return { problem: `stack ${stack}: ${message.split("\n")[0] ?? ""}` };
  }
}

/** Returns the running releases of a record: stable, canary, then the kept ones. */
function releasesOf(record: AppRecord): FleetRelease[] {
  const weight = record.canary?.weight ?? 0;
  const described = (key: string, role: FleetRelease["role"], share: number): FleetRelease => {
    const release = lookup(record.releases, key);
    const since = role === "canary" ? release?.canarySince : release?.stableSince;
    return {
      key,
      version: release?.version ?? key,
      role,
      weight: share,
      since,
      check: release?.check,
    };
  };
  return [
    described(record.stable, "stable", 100 - weight),
    ...(record.canary === undefined ? [] : [described(record.canary.key, "canary", weight)]),
    ...record.retained.map((key) => described(key, "kept", 0)),
  ];
}

function releasesAsked({ stable, canary }: Asked): FleetRelease[] {
  return [
    ...(stable === undefined
      ? []
      : [{ ...stable, role: "stable" as const, weight: 100 - (canary?.weight ?? 0) }]),
    ...(canary === undefined ? [] : [{ ...canary, role: "canary" as const }]),
  ];
}

function pendingOf({ stable, canary }: Asked, record: AppRecord): string[] {
  const shown = (release: { key: string; weight: number } | undefined) =>
    release === undefined ? "no canary" : `canary ${release.key} at ${release.weight}%`;
  const stableDiffers = stable !== undefined && stable.key !== record.stable;
  const canaryDiffers = shown(canary) !== shown(record.canary);
  return [
    ...(stableDiffers
      ? [`the file requests stable ${stable.key}, but ${record.stable} was recorded`]
      : []),
    ...(canaryDiffers
      ? [`the file requests ${shown(canary)}, but ${shown(record.canary)} was recorded`]
      : []),
  ];
}

function usualRuntime(preset: string | undefined): string | undefined {
  const known = presetNames.find((name): name is PresetName => name === preset);
  return known && runtimeOfPreset(known);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function byNameAndEnvironment(a: FleetApp, b: FleetApp): number {
  const order = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return order(a.app, b.app) || order(a.environment, b.environment) || order(a.stack, b.stack);
}

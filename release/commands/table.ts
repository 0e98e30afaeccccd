import { contentHash } from "../../components/shared/hash";
import type { AppConfig } from "../../config";
import { runningReleases } from "../machine";
import type { AppRecord, Plan, PlannedRelease } from "../machine";

/** A row of the traffic table. */
interface Row {
  release: string;
  image: string;
  role: string;
  weight: string;
  replicas: string;
  config: string;
}

const titles: Row = {
  release: "RELEASE",
  image: "IMAGE",
  role: "ROLE",
  weight: "WEIGHT",
  replicas: "REPLICAS",
  config: "CONFIG",
};

/**
 * Who gets which share of the requests, before and after.
 * @param record what runs now; nothing before the first update.
 */
export function trafficTable(
  name: string,
  record: AppRecord | undefined,
  plan: Plan,
  app: AppConfig,
): string {
  const running = record === undefined ? [] : runningReleases(record, name);
  const before = new Map(running.map((release) => [release.key, release]));
  const gone = running.filter(({ key }) => !plan.releases.some((release) => release.key === key));
  const rows = [
    ...plan.releases.map((release) => rowOf(release, before.get(release.key), app)),
    ...gone.map(departed),
  ];
  return aligned([titles, ...rows]);
}

/** Who has which share of the requests of an app that the config no longer names. */
export function departureTable(name: string, record: AppRecord): string {
  return aligned([titles, ...runningReleases(record, name).map(departed)]);
}

/** Who has which share of the requests now, where nothing can be said of what comes. */
export function liveTable(name: string, record: AppRecord): string {
  const rows = runningReleases(record, name).map((release) => ({
    ...departed(release),
    role: release.role,
    weight: `${release.weight}%`,
  }));
  return aligned([titles, ...rows]);
}

function departed({ key, version, role, weight, template }: PlannedRelease): Row {
  return {
    release: key,
    image: imageOf(template, version),
    role: arrow(role, "gone"),
    weight: arrow(`${weight}%`, "-"),
    replicas: "-",
    config: configHash(template),
  };
}

function rowOf(release: PlannedRelease, before: PlannedRelease | undefined, app: AppConfig): Row {
  const { min, max } = app.scaling;
  return {
    release: release.key,
    image: imageOf(release.template, release.version),
    role: arrow(before?.role ?? "new", release.role),
    weight: arrow(before === undefined ? "-" : `${before.weight}%`, `${release.weight}%`),
    replicas: `${min}-${max}`,
    config: configHash(release.template),
  };
}

function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

function imageOf({ image }: PlannedRelease["template"], version: string): string {
  return `${String(image)}:${version}`;
}

function configHash({ configFiles }: PlannedRelease["template"]): string {
  return contentHash((configFiles ?? {}) as Record<string, string>);
}

function aligned(rows: Row[]): string {
  const columns = Object.keys(titles) as (keyof Row)[];
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      columns
        .map((column, index) => row[column].padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

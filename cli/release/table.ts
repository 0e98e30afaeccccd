import type { AppConfig } from "../../config";
import type { Capacity, ReleasePods } from "../../program/capacity";
import { workerNumbersOf, type WorkerNumber } from "../../program/worker-pods";
import { isWorker } from "../../config/app/kinds";
import { templateHash } from "../../releases/template";
import { roleWord, runningReleases } from "../../releases";
import type { AppRecord, Plan, PlannedRelease } from "../../releases";

/** A row of the traffic table. */
interface Row {
  release: string;
  image: string;
  role: string;
  weight: string;
  replicas: string;
  /** Ready pods, those that the share after the update needs, and the spare ones. */
  ready?: string;
  needed?: string;
  headroom?: string;
  config: string;
}

const titles: Row = {
  release: "RELEASE",
  image: "IMAGE",
  role: "ROLE",
  weight: "WEIGHT",
  replicas: "REPLICAS",
  ready: "READY",
  needed: "NEEDED",
  headroom: "HEADROOM",
  config: "CONFIG",
};

/**
 * Returns the table of each release's share of the requests, before and after.
 * @param record what runs now; undefined before the first update.
 * @param capacity pods of each release; without it, their columns are omitted.
 */
export function trafficTable(
  name: string,
  record: AppRecord | undefined,
  plan: Plan,
  app: AppConfig,
  capacity?: Capacity,
): string {
  const running = record === undefined ? [] : runningReleases(record, name);
  const before = new Map(running.map((release) => [release.key, release]));
  const numbers = isWorker(app) ? workerNumbersOf(plan, app) : {};
  const gone = running.filter(({ key }) => !plan.releases.some((release) => release.key === key));
  const rows = [
    ...plan.releases.map((release) => ({
      ...rowOf(release, before.get(release.key), app),
      ...workerReplicasOf(capacity?.releases[release.name]?.worker ?? numbers[release.name]),
      ...podsOf(capacity?.releases[release.name]),
    })),
    ...gone.map(departingRow),
  ];
  return aligned([titles, ...rows]);
}

/** Returns the table of an app that the config no longer names. */
export function departureTable(name: string, record: AppRecord): string {
  return aligned([titles, ...runningReleases(record, name).map(departingRow)]);
}

/** Returns the table of the current shares, if the shares after the update are unknown. */
export function liveTable(name: string, record: AppRecord): string {
  const rows = runningReleases(record, name).map((release) => ({
    ...departingRow(release),
    role: roleWord(release.role),
    weight: `${release.weight}%`,
  }));
  return aligned([titles, ...rows]);
}

function departingRow({ key, version, digest, role, weight, template }: PlannedRelease): Row {
  return {
    release: key,
    image: imageText(template, version, digest),
    role: arrow(roleWord(role), "gone"),
    weight: arrow(`${weight}%`, "-"),
    replicas: "-",
    config: configHash(template),
  };
}

function rowOf(release: PlannedRelease, before: PlannedRelease | undefined, app: AppConfig): Row {
  const { min, max } = app.scaling;
  return {
    release: release.key,
    image: imageText(release.template, release.version, release.digest),
    role: arrow(roleWord(before?.role ?? "new"), roleWord(release.role)),
    weight: arrow(before === undefined ? "-" : `${before.weight}%`, `${release.weight}%`),
    replicas: `${min}-${max}`,
    config: configHash(release.template),
  };
}

/**
 * Returns the number of a worker's pods. Apps that are scaled have a minimum and a maximum in their row
 * instead.
 */
function workerReplicasOf(number: WorkerNumber | undefined): Partial<Row> {
  if (number === undefined || number.autoscaler === "scaling") return {};
  return { replicas: String(number.replicas) };
}

/** Returns the ready pods of a release, and the pods that its share after the update needs. */
export function readyAndNeeded({ ready = 0, asked, wanted }: ReleasePods): {
  ready: number;
  needed: number;
} {
  return { ready, needed: asked === 0 ? 0 : wanted };
}

function podsOf(pods: ReleasePods | undefined): Partial<Row> {
  if (pods === undefined) return {};
  const { ready, needed } = readyAndNeeded(pods);
  return { ready: `${ready}`, needed: `${needed}`, headroom: `${ready - needed}` };
}

function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

/** Returns the image with enough of its digest to identify it. */
function imageText(
  { image }: PlannedRelease["template"],
  version: string,
  digest?: string,
): string {
  return digest === undefined
    ? `${String(image)}:${version}`
    : `${String(image)}:${version}@${digest.slice(0, 19)}`;
}

/** Returns a hash of everything that defines the pods of a release. */
export function configHash(template: PlannedRelease["template"]): string {
  return templateHash(template).slice(0, 10);
}

function aligned(rows: Row[]): string {
  const columns = (Object.keys(titles) as (keyof Row)[]).filter((column) =>
    rows.some((row) => row !== titles && row[column] !== undefined),
  );
  const text = (row: Row, column: keyof Row) => row[column] ?? "-";
  const widths = columns.map((column) => Math.max(...rows.map((row) => text(row, column).length)));
  return rows
    .map((row) =>
      columns
        .map((column, index) => text(row, column).padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

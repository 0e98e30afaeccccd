import { migrationJobName, type Migration } from "../components/app/migration";
import type { AppRecord, Plan } from "../releases";
import type { LiveApp, LiveMigration } from "./wait/live-app";

/**
 * Returns the record with the migrations of an update that failed afterwards: nothing was recorded, but the
 * changes of the migration remain.
 */
export function withLiveMigrations(record: AppRecord, live: LiveApp | undefined): AppRecord {
  const known = new Set((record.migrated ?? []).map(({ version }) => version));
  const ran = Object.values(live?.migrations ?? {})
    .flat()
    .flatMap(({ state, version, at, contract }) =>
      state !== "complete" || at === undefined || known.has(version)
        ? []
        : [{ version, at, ...(contract !== undefined && { contract }) }],
    );
  if (ran.length === 0) return record;
  return { ...record, migrated: [...ran, ...(record.migrated ?? [])] };
}

/**
 * Returns the migration of a release: its existing Job, or a new one if the release migrates in this update and all of
 * its Jobs failed. Undefined for a release without a migration.
 */
export function migrationOf(
  { releases, migrating }: Pick<Plan, "releases" | "migrating">,
  name: string,
  live: LiveApp | undefined,
  contract: string | undefined,
): Migration | undefined {
  const jobs = live?.migrations?.[name] ?? [];
  const key = releases.find((release) => release.name === name)?.key;
  const runs = key !== undefined && migrating.includes(key);
  const useful = jobs.find(({ state }) => state !== "failed");
  const job = useful ?? (runs ? undefined : latest(jobs));
  if (job !== undefined) return { job: job.job, contract: job.contract };
  return runs ? { job: migrationJobName(name, nextAttempt(name, jobs)), contract } : undefined;
}

function latest(jobs: readonly LiveMigration[]): LiveMigration | undefined {
  return jobs.at(-1);
}

/** Returns the first number that no Job uses yet. */
function nextAttempt(release: string, jobs: readonly LiveMigration[]): number {
  const taken = new Set(jobs.map(({ job }) => job));
  let attempt = 1;
  while (taken.has(migrationJobName(release, attempt))) attempt += 1;
  return attempt;
}

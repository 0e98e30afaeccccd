import type { Change } from "./change";
import type { AppRecord, RecordedMigration } from "./record";
import type { TemplateChange } from "./template-change";
import type { DesiredApp } from "./types";
import { keyOf, type ReleaseKey } from "./version";

/** Number of migrations in a record. A version that comes back after more than that migrates again. */
export const migrationsLength = 30;

/** The values that determine which migrations an update runs. */
interface Deployed {
  record: AppRecord | undefined;
  desired: DesiredApp;
  change: Change;
  template: TemplateChange;
}

/**
 * Returns the releases whose migration runs in this update: those that it deploys and whose version has not
 * been migrated. A release that already runs, as in a promotion or a rollback, never migrates.
 */
export function migratingReleases({ record, desired, change, template }: Deployed): ReleaseKey[] {
  if (desired.migration === undefined) return [];
  const adopted = change.stable.kind === "adopt" ? change.stableKey : undefined;
  const changed = template.kind === "in-place" ? template.keys : [];
  const migrated = new Set((record?.migrated ?? []).map(({ version }) => version));
  return [...change.added, ...changed].filter((key) => {
    const { version } = releaseOf(desired, key);
    if (key === adopted || migrated.has(version)) return false;
    migrated.add(version);
    return true;
  });
}

/** Returns the recorded migrations after this update, the latest first; undefined before the first one. */
export function nextMigrations(
  { record, desired }: Pick<Deployed, "record" | "desired">,
  migrating: readonly ReleaseKey[],
  at: string,
): RecordedMigration[] | undefined {
  const contract = desired.migration?.contract;
  const now = migrating.map((key): RecordedMigration => {
    return { version: releaseOf(desired, key).version, at, contract };
  });
  const all = [...now, ...(record?.migrated ?? [])].slice(0, migrationsLength);
  return all.length === 0 ? undefined : all;
}

function releaseOf({ stable, canary }: DesiredApp, key: ReleaseKey) {
  return canary !== undefined && keyOf(canary) === key ? canary : stable;
}

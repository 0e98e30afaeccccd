import type { Change } from "./change";
import type { AppRecord, RecordedMigration } from "./record";
import type { TemplateChange } from "./template-change";
import type { DesiredApp } from "./types";
import { keyOf, type ReleaseKey } from "./version";

/** Migrations that a record remembers; a version that comes back after more runs its own again. */
export const migrationsLength = 30;

/** What decides which migrations an update runs. */
interface Deployed {
  record: AppRecord | undefined;
  desired: DesiredApp;
  change: Change;
  template: TemplateChange;
}

/**
 * Releases whose migration runs in this update: those that are deployed in it, whose version was not
 * migrated yet. A release that runs already, as at a promotion or a rollback, never migrates.
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

/** What is recorded of migrations, the latest first; nothing before the first one. */
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

import type { Change } from "./change";
import type { Former } from "./takeover";
import type { TemplateChange } from "./template-change";
import type { DesiredApp, RecordedMigration } from "./types";
import { keyOf, type ReleaseKey } from "./version";

/** Number of migrations in a record. A version that comes back after more than that migrates again. */
export const migrationsLength = 30;

/** The values that determine which migrations an update runs. */
interface Deployed {
  former: Pick<Former, "migrated" | "runsAlready">;
  desired: DesiredApp;
  change: Change;
  template: TemplateChange;
}

/**
 * Returns the releases whose migration runs in this update: those that it deploys and whose version has not
 * been migrated. A release that already runs, as in a promotion or a rollback, or under the name of another app, never
 * migrates.
 */
export function migratingReleases({ former, desired, change, template }: Deployed): ReleaseKey[] {
  if (desired.migration === undefined) return [];
  const isAdopted = change.stable.kind === "adopt" || former.runsAlready;
  const adopted = isAdopted ? change.stableKey : undefined;
  const changed = template.kind === "in-place" ? template.keys : [];
  const migrated = new Set(former.migrated.map(({ version }) => version));
  return [...change.added, ...changed].filter((key) => {
    const { version } = releaseOf(desired, key);
    if (key === adopted || migrated.has(version)) return false;
    migrated.add(version);
    return true;
  });
}

/** Returns the recorded migrations after this update, the latest first; undefined before the first one. */
export function nextMigrations(
  { former, desired }: Pick<Deployed, "desired"> & { former: Pick<Former, "migrated"> },
  migrating: readonly ReleaseKey[],
  at: string,
): RecordedMigration[] | undefined {
  const contract = desired.migration?.contract;
  const now = migrating.map((key): RecordedMigration => {
    return { version: releaseOf(desired, key).version, at, contract };
  });
  const all = [...now, ...former.migrated].slice(0, migrationsLength);
  return all.length === 0 ? undefined : all;
}

function releaseOf({ stable, canary }: DesiredApp, key: ReleaseKey) {
  return canary !== undefined && keyOf(canary) === key ? canary : stable;
}

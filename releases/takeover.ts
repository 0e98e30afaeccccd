import { strictestGuard } from "./guard";
import type { AppRecord } from "./record";
import { differences } from "./template";
import type { DesiredApp, Override, RecordedGuard, RecordedMigration, TakenRelease } from "./types";
import { keyOf } from "./version";

/**
 * Returns an app without a record that keeps the image of the release whose requests it takes over, if it is that
 * release and the config names no digest. Otherwise the tag would decide what a renamed app runs, and a tag can have
 * been pushed again.
 */
export function withTakenImage(desired: DesiredApp): DesiredApp {
  const { stable, takesOver = [] } = desired;
  if (stable.digest !== undefined) return desired;
  const same = takesOver.filter((taken) => hasTemplateOf(taken, desired));
  const [digest, ...others] = new Set(same.map((taken) => taken.digest));
  if (digest === undefined || others.length > 0) return desired;
  return { ...desired, stable: { ...stable, digest } };
}

/** Whether the stable release in the config is the one that another app runs: version, settings and image. */
export function isTakenRelease(taken: TakenRelease, desired: DesiredApp): boolean {
  return hasTemplateOf(taken, desired) && taken.digest === desired.stable.digest;
}

function hasTemplateOf({ stable, template }: TakenRelease, desired: DesiredApp): boolean {
  if (stable !== keyOf(desired.stable) || template === undefined) return false;
  return differences(template, desired.template).length === 0;
}

/** What judges a change, besides the config. */
export interface Former {
  guard?: RecordedGuard;
  /** Versions whose migration ran, the latest first. */
  migrated: readonly RecordedMigration[];
  /** Oldest versions that may get a role. */
  floors: readonly string[];
  /** Whether its stable release is one that runs under the name of another app. */
  runsAlready: boolean;
  /** Overrides that are used. */
  usedOverrides: readonly Override[];
}

/**
 * Returns what judges a change of an app, besides the config: what the last update recorded about it, and the policies
 * that guard the requests that it takes over. Otherwise a change could disable the rules that guard a release by giving
 * the app another name, or use an override again. If an app without a record is such a release under a new name, the migrations and the floor of
 * that release are also its own: it has the same data.
 */
export function formerOf(record: AppRecord | undefined, desired: DesiredApp): Former {
  const { takesOver = [] } = desired;
  const guards = [record?.guard, ...takesOver.map((each) => guardOfTaken(each, desired))];
  const guard = strictestGuard(guards.filter((it) => it !== undefined));
  const same = takesOver.filter((taken) => isTakenRelease(taken, desired));
  const data = record === undefined ? same : [record];
  return {
    guard,
    migrated: data.flatMap(({ migrated = [] }) => migrated),
    runsAlready: record === undefined && same.length > 0,
    floors: data.flatMap(({ noRollbackBelow }) => noRollbackBelow ?? []),
    usedOverrides: (record === undefined ? takesOver : [record]).flatMap(
      ({ usedOverride }) => usedOverride ?? [],
    ),
  };
}

/** Returns the policy of another app; without its queries, unless its release is the same and only the name differs. */
function guardOfTaken(taken: TakenRelease, desired: DesiredApp): RecordedGuard | undefined {
  const { guard } = taken;
  if (guard?.check === undefined || isTakenRelease(taken, desired)) return guard;
  return { ...guard, check: { ...guard.check, queries: {} } };
}

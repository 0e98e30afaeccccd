import { iso } from "./clock";
import type { AppRecord } from "./record";

/**
 * Returns a record with the time at which an update's changes were in place, instead of the time at which they
 * were planned: pods and migrations may take long in between, and the canary's Service still answers for the
 * release before it. Soak time, steps and checks count from then.
 * @param next the record as planned.
 * @param former the record of the last update; nothing changed if it has the same `changedAt`.
 */
export function inPlaceAt(
  next: AppRecord,
  former: Pick<AppRecord, "changedAt"> | undefined,
  now: Date,
): AppRecord {
  const planned = next.changedAt;
  if (former?.changedAt === planned) return next;
  const actual = iso(Math.max(now.getTime(), Date.parse(planned)));
  const timed = <Entry extends object>(entry: Entry): Entry =>
    Object.fromEntries(
      Object.entries(entry).map(([field, value]) => [field, value === planned ? actual : value]),
    ) as Entry;
  const { releases, history, canaries, migrated } = next;
  return {
    ...next,
    changedAt: actual,
    releases: Object.fromEntries(
      Object.entries(releases).map(([key, release]) => [key, timed(release)]),
    ),
    history: history.map(timed),
    ...(canaries && { canaries: canaries.map(timed) }),
    ...(migrated && { migrated: migrated.map(timed) }),
  };
}

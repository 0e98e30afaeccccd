import { lookup } from "../config";
import { runningReleases, type TakenRelease } from "../releases";
import { giversOf, type Handover } from "./handovers";
import { liveStableOf } from "./live-stable";
import { withLiveMigrations } from "./migrations";
import { recordFrom } from "./records";
import { servingApp, type LiveApp } from "./wait/live-app";

/**
 * Returns for each app the stable releases of the apps whose addresses it takes over. The first release of an app must
 * be the same, because it would get their requests without having been a canary.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 * @param records the records of the last update, also of such apps.
 * @throws ProgramError for a damaged record.
 */
export function takenReleases(
  handovers: readonly Handover[],
  live: Record<string, LiveApp>,
  records: Record<string, unknown>,
): Record<string, TakenRelease[]> {
  const stable = (app: string) => stableOf(app, lookup(live, app), lookup(records, app));
  return Object.fromEntries(
    [...giversOf(handovers)].map(([to, givers]) => [to, [...givers].flatMap(stable)]),
  );
}

function stableOf(app: string, live: LiveApp | undefined, recorded: unknown): TakenRelease[] {
  if (recorded === undefined) {
    const stable = liveStableOf(live);
    return stable === undefined ? [] : [{ app, stable }];
  }
  const record = withLiveMigrations(recordFrom(recorded, app), servingApp(live));
  const { guard, migrated, noRollbackBelow, usedOverride } = record;
  return runningReleases(record, app)
    .filter(({ role }) => role === "stable")
    .map(({ key: stable, template, digest }) => ({
      ...{ app, stable, template, digest },
      ...{ guard, migrated, noRollbackBelow, usedOverride },
    }));
}

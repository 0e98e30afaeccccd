import { lookup } from "../config";
import { runningReleases, type TakenRelease } from "../releases";
import { giversOf, type Handover } from "./handovers";
import { recordFrom } from "./records";
import { serving, type LiveApp } from "./wait/live-app";

/**
 * Returns for each app that never ran the stable releases of the apps whose addresses it takes over: its first release
 * would get their requests without having been a canary.
 * @param live what the cluster runs of apps, also of those that the config no longer has.
 * @param records the records of the last update, also of such apps.
 * @throws ProgramError for a damaged record.
 */
export function takenReleases(
  handovers: readonly Handover[],
  live: Record<string, LiveApp>,
  records: Record<string, unknown>,
): Record<string, TakenRelease[]> {
  const untried = [...giversOf(handovers)].filter(
    ([to]) => lookup(records, to) === undefined && serving(lookup(live, to)) === undefined,
  );
  return Object.fromEntries(
    untried.map(([to, givers]) => [to, [...givers].flatMap((app) => stableOf(app, records))]),
  );
}

function stableOf(app: string, records: Record<string, unknown>): TakenRelease[] {
  const recorded = lookup(records, app);
  if (recorded === undefined) return [];
  return runningReleases(recordFrom(recorded, app), app)
    .filter(({ role }) => role === "stable")
    .map(({ key: stable, template }) => ({ app, stable, template }));
}

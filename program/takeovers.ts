import { lookup } from "../config";
import { recordedTemplate, type AppRecord, type TakenRelease } from "../releases";
import { handoversOf, type Declared } from "./handovers";
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
  apps: readonly Declared[],
  live: Record<string, LiveApp>,
  records: Record<string, unknown>,
): Record<string, TakenRelease[]> {
  const taken: Record<string, TakenRelease[]> = {};
  const seen = new Set<string>();
  for (const { from, to } of handoversOf(apps, live)) {
    const recorded = lookup(records, from);
    const ran = lookup(records, to) !== undefined || serving(lookup(live, to)) !== undefined;
    const pair = `${from} ${to}`;
    if (recorded === undefined || ran || seen.has(pair)) continue;
    seen.add(pair);
    (taken[to] ??= []).push({ app: from, ...stableOf(recordFrom(recorded, from)) });
  }
  return taken;
}

function stableOf(record: AppRecord): Omit<TakenRelease, "app"> {
  const { stable } = record;
  const hash = record.releases[stable]?.template ?? record.configTemplate;
  return { stable, template: recordedTemplate(record, hash) };
}

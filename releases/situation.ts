import { changeOf, type Before, type Change } from "./change";
import { effectivePolicy } from "./guard";
import { liveRelease, type AppRecord } from "./record";
import { templateChange, type TemplateChange } from "./template-change";
import { defaultRetain, type DesiredApp, type ReleasePolicy } from "./types";
import type { ReleaseKey } from "./version";

/** All that a decision rests on. */
export interface Situation {
  before: Before;
  /** What was recorded, where there is a record. */
  record: AppRecord | undefined;
  desired: DesiredApp;
  /** Milliseconds since 1970. */
  now: number;
  /** What is judged by: the config's, or the last update's where that is stricter. */
  policy: ReleasePolicy;
  /** What the config says. */
  askedPolicy: ReleasePolicy;
  change: Change;
  template: TemplateChange;
  /** Former stable releases that keep running, the latest first. */
  retained: ReleaseKey[];
  /** Live releases that stop. */
  retired: ReleaseKey[];
}

/** Compares what is asked for with what runs. */
export function situationOf(
  before: Before,
  desired: DesiredApp,
  now: number,
  askedPolicy: ReleasePolicy,
): Situation {
  const record = before.kind === "recorded" ? before.record : undefined;
  const policy = effectivePolicy(askedPolicy, record);
  const change = changeOf(before, desired);
  const retained = record === undefined ? [] : retainedAfter(record, change, policy);
  const kept = [change.stableKey, change.canaryKey, ...retained];
  return {
    before,
    record,
    desired,
    now,
    policy,
    askedPolicy,
    change,
    template: templateChange(record, desired, change, policy),
    retained,
    retired: liveKeys(before).filter((key) => !kept.includes(key)),
  };
}

function liveKeys(before: Before): ReleaseKey[] {
  switch (before.kind) {
    case "nothing":
      return [];
    case "lost":
      return [before.liveStable];
    case "recorded":
      return Object.keys(before.record.releases).sort();
  }
}

/**
 * Only a release that has been stable is kept. One that ends as canary comes last, so that it
 * never takes the place of the release that one would go back to.
 */
function retainedAfter(
  record: AppRecord,
  { stableKey, canaryKey }: Change,
  { retain = defaultRetain }: ReleasePolicy,
): ReleaseKey[] {
  const formerCanary = record.canary === undefined ? [] : [record.canary.key];
  return [record.stable, ...record.retained, ...formerCanary]
    .filter((key) => key !== stableKey && key !== canaryKey)
    .filter((key) => liveRelease(record, key)?.stableSince !== undefined)
    .slice(0, retain);
}

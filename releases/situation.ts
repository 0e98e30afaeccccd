import { changeOf, type Before, type Change } from "./change";
import { effectivePolicy } from "./guard";
import { liveRelease, type AppRecord } from "./record";
import { namespaceMove, type NamespaceMove } from "./move";
import { migratingReleases } from "./migration";
import { templateChange, type TemplateChange } from "./template-change";
import { formerOf, type Former } from "./takeover";
import { defaultRetain, type DesiredApp, type ReleasePolicy } from "./types";
import type { ReleaseKey } from "./version";

/** Everything that a decision depends on. */
export interface Situation {
  before: Before;
  /** The record, if there is one. */
  record: AppRecord | undefined;
  /** What judges the change, besides the config: what the last updates recorded. */
  former: Former;
  desired: DesiredApp;
  /** Milliseconds since 1970. */
  now: number;
  /** The policy in force: that of the config, or that of the last update where it is stricter. */
  policy: ReleasePolicy;
  /** The policy in the config. */
  askedPolicy: ReleasePolicy;
  change: Change;
  /** Change of the app's namespace; undefined if it does not change. */
  move: NamespaceMove | undefined;
  template: TemplateChange;
  /** Releases whose migration runs. */
  migrating: ReleaseKey[];
  /** Former stable releases that keep running, the latest first. */
  retained: ReleaseKey[];
  /** Live releases that stop. */
  retired: ReleaseKey[];
}

/** Compares the config with what runs. */
export function situationOf(
  before: Before,
  desired: DesiredApp,
  now: number,
  askedPolicy: ReleasePolicy,
): Situation {
  const record = before.kind === "recorded" ? before.record : undefined;
  const former = formerOf(record, desired);
  const policy = effectivePolicy(askedPolicy, former);
  const change = changeOf(before, desired);
  const retained = record === undefined ? [] : retainedAfter(record, change, policy);
  const template = templateChange(record, desired, change, policy);
  const kept = [change.stableKey, change.canaryKey, ...retained];
  return {
    before,
    record,
    former,
    desired,
    now,
    policy,
    askedPolicy,
    change,
    move: namespaceMove(record, desired),
    template,
    migrating: migratingReleases({ former, desired, change, template }),
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
 * Returns the kept releases after an update. Only a release that has been stable is kept. One that ends as a
 * canary comes last, so that it never displaces the release that a rollback would return to.
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

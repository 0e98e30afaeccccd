import { changeOf, type Change } from "./change";
import { keyOf, releaseName } from "./names";
import { brokenRules, overridable, type Situation } from "./rules";
import { stepsOf } from "./steps";
import { same } from "./template";
import type {
  AppRecord,
  DesiredApp,
  HistoryEntry,
  Plan,
  PlannedRelease,
  RecordedRelease,
  Refused,
  ReleaseKey,
  ReleasePolicy,
  Role,
} from "./types";

export { keyOf, releaseName } from "./names";
export { parseRecord } from "./record";
export { span } from "./soak";
export type * from "./types";

/** Promotions, rollbacks and overrides that a record keeps. */
const historyLength = 10;

/** What only the caller can know. */
export interface Circumstances {
  /** When this is asked. */
  now: Date;
  policy: ReleasePolicy;
  /** Release that the cluster's stable Service selects; asked for where the record is missing. */
  liveStable?: ReleaseKey;
}

/**
 * Decides whether the config's releases are legal, and what the update does. Pure: the same
 * arguments give the same answer, and planning what is already recorded changes nothing.
 */
export function plan(
  previous: AppRecord | undefined,
  desired: DesiredApp,
  { now, policy, liveStable }: Circumstances,
): Plan | Refused {
  const compared = changeOf(previous, desired);
  const change: Change =
    previous === undefined && liveStable !== undefined
      ? { ...compared, stable: { kind: "adopt" } }
      : compared;
  const situation: Situation = {
    previous,
    desired,
    change,
    now: now.getTime(),
    policy,
    liveStable,
  };
  const broken = brokenRules(situation);
  const setAside =
    desired.override === undefined ? [] : broken.filter(({ rule }) => overridable.includes(rule));
  const refusals = broken.filter((refusal) => !setAside.includes(refusal));
  if (refusals.length > 0) return { kind: "refused", refusals };
  const next = nextRecord(situation, setAside.length > 0);
  return {
    kind: "plan",
    releases: plannedReleases(next, desired),
    steps: stepsOf(situation, next, setAside),
    next,
  };
}

function nextRecord(situation: Situation, overridden: boolean): AppRecord {
  const { previous, desired, change, policy } = situation;
  const retained = retainedAfter(situation);
  const keys = [
    ...new Set([change.stableKey, ...(change.canaryKey ? [change.canaryKey] : []), ...retained]),
  ];
  const inPlace =
    previous !== undefined &&
    !policy.forcedCanary &&
    change.added.length === 0 &&
    !same(desired.template, previous.configTemplate);
  const releases = keys.map((key): [ReleaseKey, RecordedRelease] => [
    key,
    recorded(key, situation, inPlace && !retained.includes(key)),
  ]);
  return {
    schema: 1,
    stable: change.stableKey,
    ...(change.canaryKey === undefined
      ? {}
      : { canary: { key: change.canaryKey, weight: desired.canary?.weight ?? 0 } }),
    retained,
    releases: Object.fromEntries(releases.sort(([a], [b]) => (a < b ? -1 : 1))),
    configTemplate: desired.template,
    history: history(situation, overridden),
  };
}

/** Former stable releases, the latest first, as many as the policy keeps. */
function retainedAfter({ previous, change, policy }: Situation): ReleaseKey[] {
  if (previous === undefined) return [];
  const former = change.stable.kind === "none" ? [] : [previous.stable];
  return [...former, ...previous.retained]
    .filter((key) => key !== change.stableKey && key !== change.canaryKey)
    .slice(0, policy.retain);
}

function recorded(
  key: ReleaseKey,
  { previous, desired, change, now }: Situation,
  inPlace: boolean,
): RecordedRelease {
  const known = previous?.releases[key];
  const { version, revision } =
    known ??
    [desired.stable, desired.canary].find((it) => it && keyOf(it) === key) ??
    desired.stable;
  const template = known === undefined || inPlace ? desired.template : known.template;
  const isCanary = key === change.canaryKey;
  const wasCanary = previous?.canary?.key === key;
  // A canary whose pods were changed is another canary: its time begins anew.
  const since = wasCanary && !inPlace ? known?.canarySince : undefined;
  return {
    version,
    revision,
    template,
    ...(isCanary ? { canarySince: since ?? new Date(now).toISOString() } : {}),
  };
}

function history(
  { previous, desired, change, now }: Situation,
  overridden: boolean,
): HistoryEntry[] {
  const past = previous?.history ?? [];
  const { kind } = change.stable;
  const override = overridden && desired.override;
  if (kind === "none" && !override) return past;
  const entry: HistoryEntry = {
    at: new Date(now).toISOString(),
    kind: kind === "none" ? "override" : kind,
    ...("from" in change.stable ? { from: change.stable.from } : {}),
    to: change.stableKey,
    ...(override ? { by: override.by, reason: override.reason } : {}),
  };
  return [entry, ...past].slice(0, historyLength);
}

function plannedReleases(record: AppRecord, { name }: DesiredApp): PlannedRelease[] {
  const weight = record.canary?.weight ?? 0;
  const planned = (key: ReleaseKey, role: Role, share: number): PlannedRelease[] => {
    const release = record.releases[key];
    if (release === undefined) return [];
    const { version, template } = release;
    return [{ key, name: releaseName(name, key), version, role, template, weight: share }];
  };
  return [
    ...planned(record.stable, "stable", 100 - weight),
    ...(record.canary === undefined ? [] : planned(record.canary.key, "canary", weight)),
    ...record.retained.flatMap((key) => planned(key, "retained", 0)),
  ];
}

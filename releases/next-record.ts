import { iso } from "./clock";
import { lastingEvidence } from "./evidence";
import type { CanaryMove } from "./change";
import {
  canariesLength,
  historyLength,
  liveRelease,
  recordedTemplate,
  type AppRecord,
  type CanaryEvent,
  type HistoryEntry,
  type RecordedRelease,
} from "./record";
import type { Finding } from "./refusal";
import { nextGuard, weakening } from "./guard";
import { nextMigrations } from "./migration";
import { isUsed } from "./rules";
import { schedulesOf } from "./schedules";
import type { Situation } from "./situation";
import {
  canonical,
  canonicalCopy,
  templateHash,
  type Template,
  type TemplateHash,
} from "./template";
import type { DesiredApp, DesiredRelease, Override } from "./types";
import { keyOf, type ReleaseKey } from "./version";

/**
 * Returns what to record after the update has succeeded, in canonical order, so that records can be compared as
 * text.
 */
export function nextRecord(situation: Situation, overridden: readonly Finding[]): AppRecord {
  const { record } = situation;
  const next = recordedAt(situation, overridden, momentOf(situation));
  if (record === undefined) return next;
  const undated = { ...next, changedAt: record.changedAt };
  return canonical(undated) === canonical(record) ? undated : next;
}

/**
 * Returns the current time, but always a time after the last change: otherwise a canary that started under a slow
 * clock would count as soaked once the clock is right, and the record of a change could not be told from the one
 * before it.
 */
function momentOf({ record, now }: Situation): string {
  return iso(record === undefined ? now : Math.max(now, Date.parse(record.changedAt) + 1));
}

function recordedAt(situation: Situation, overridden: readonly Finding[], at: string): AppRecord {
  const { desired, change, retained } = situation;
  const { canary } = change;
  const live = [change.stableKey, change.canaryKey, ...retained].filter((key) => key !== undefined);
  const releases = live.map((key) => [key, recorded(situation, key, at)] as const);
  const configTemplate = templateHash(desired.template);
  const hashes = [configTemplate, ...releases.map(([, { template }]) => template)];
  const liveTemplates = releases.map(([, { template }]) => templateOf(situation, template));
  return canonicalCopy<AppRecord>({
    schema: 1,
    changedAt: at,
    namespace: desired.namespace ?? situation.record?.namespace,
    stable: change.stableKey,
    canary: "key" in canary ? { key: canary.key, weight: canary.weight } : undefined,
    retained,
    releases: Object.fromEntries(releases),
    templates: Object.fromEntries(hashes.map((hash) => [hash, templateOf(situation, hash)])),
    configTemplate,
    schedules: schedulesOf(desired.schedules, situation.record, liveTemplates),
    noRollbackBelow: desired.noRollbackBelow,
    migrated: nextMigrations(situation, situation.migrating, at),
    guard: nextGuard(situation.askedPolicy, situation.former, desired.freezes),
    usedOverride: usedOverride(situation, overridden),
    history: history(situation, overridden, at),
    canaries: canaries(situation, at),
  });
}

function recorded(situation: Situation, key: ReleaseKey, at: string): RecordedRelease {
  const { record, desired, change, template } = situation;
  const known = record && liveRelease(record, key);
  const changed = template.kind === "in-place" && template.keys.includes(key);
  const becomesStable = key === change.stableKey && change.stable.kind !== "stay";
  const { version, revision = 1, digest } = known ?? namedRelease(desired, key);
  return {
    version,
    revision,
    digest,
    template: known === undefined || changed ? templateHash(desired.template) : known.template,
    firstDeployedAt: known?.firstDeployedAt ?? at,
    ...canaryTime(situation, key, changed, at),
    stableSince: becomesStable ? at : known?.stableSince,
    check: lastingEvidence(situation, key),
  };
}

/**
 * Returns when a release's latest time as canary began and ended. It restarts if the pods are changed. If
 * shares are shares of pods, a canary at 0% has none, and its time begins with its first share.
 */
function canaryTime(
  { record, desired: { sharesPods }, change }: Situation,
  key: ReleaseKey,
  changed: boolean,
  at: string,
): Pick<RecordedRelease, "canarySince" | "canaryUntil"> {
  const known = record && liveRelease(record, key);
  const was = record?.canary?.key === key;
  if (key === change.canaryKey) {
    if (sharesPods !== true) return { canarySince: was && !changed ? known?.canarySince : at };
    if (!("weight" in change.canary) || change.canary.weight === 0) return {};
    const ran = was && record.canary !== undefined && record.canary.weight > 0;
    return { canarySince: ran && !changed ? known?.canarySince : at };
  }
  return { canarySince: known?.canarySince, canaryUntil: was ? at : known?.canaryUntil };
}

function namedRelease({ stable, canary }: DesiredApp, key: ReleaseKey): DesiredRelease {
  return canary !== undefined && keyOf(canary) === key ? canary : stable;
}

function templateOf({ record, desired }: Situation, hash: TemplateHash): Template {
  if (record === undefined || hash === templateHash(desired.template)) return desired.template;
  return recordedTemplate(record, hash);
}

function usedOverride(situation: Situation, overridden: readonly Finding[]): Override | undefined {
  const { override } = situation.desired;
  if (override === undefined) return undefined;
  if (overridden.length === 0 && !isUsed(situation.former, override)) return undefined;
  return { by: override.by, reason: override.reason };
}

function history(situation: Situation, overridden: readonly Finding[], at: string): HistoryEntry[] {
  const { record, former, desired, change, askedPolicy } = situation;
  const accepted = weakening(askedPolicy, former) === "accepted" ? askedPolicy.weaker : undefined;
  const weaker: HistoryEntry[] = accepted
    ? [{ at, kind: "policy", to: change.stableKey, by: accepted.by, reason: accepted.reason }]
    : [];
  const past = [...weaker, ...(record?.history ?? [])].slice(0, historyLength);
  const { stable, stableKey } = change;
  const override = overridden.length === 0 ? undefined : desired.override;
  if (stable.kind === "stay" && override === undefined) return past;
  const entry: HistoryEntry = {
    at,
    kind: stable.kind === "stay" ? "override" : stable.kind,
    from: "from" in stable ? stable.from : record?.stable,
    to: stableKey,
    digest: recorded(situation, stableKey, at).digest,
    ...(override && { by: override.by, reason: override.reason, rules: rulesOf(overridden) }),
  };
  return [entry, ...past].slice(0, historyLength);
}

/** Returns what the update does to the canary role. A promotion is in the history of stable. */
function canaries(
  { record, change: { canary } }: Situation,
  at: string,
): CanaryEvent[] | undefined {
  const past = record?.canaries ?? [];
  const now = canaryEvents(canary).map((event): CanaryEvent => ({ at, ...event }));
  const all = [...now, ...past].slice(0, canariesLength);
  return all.length === 0 ? undefined : all;
}

function canaryEvents(move: CanaryMove): Omit<CanaryEvent, "at">[] {
  switch (move.kind) {
    case "none":
    case "keep":
      return [];
    case "start":
      return [{ kind: "start", release: move.key, weight: move.weight }];
    case "weigh":
      return [{ kind: "weigh", release: move.key, weight: move.weight }];
    case "supersede":
      return [
        { kind: "start", release: move.key, weight: move.weight },
        { kind: "end", release: move.former },
      ];
    case "abort":
      return [{ kind: "end", release: move.former }];
  }
}

function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}

import { liveRelease, type AppRecord } from "./record";
import type { DesiredApp } from "./types";
import { keyOf, type ReleaseKey } from "./version";
import { isWeight, type Weight } from "./weight";

/** What is known about the releases that run. */
export type Before =
  | { kind: "nothing" }
  /** There is no record, but the stable Service in the cluster selects a release. */
  | { kind: "lost"; liveStable: ReleaseKey }
  | { kind: "recorded"; record: AppRecord };

/** How the stable role changes. */
export type StableMove =
  | { kind: "first" }
  | { kind: "adopt" }
  | { kind: "stay" }
  | { kind: "promote"; from: ReleaseKey }
  /** To a release that was stable here and has been running ever since. */
  | { kind: "rollback"; from: ReleaseKey }
  /** To a release that is neither canary nor kept. */
  | { kind: "jump"; from: ReleaseKey };

/** How the canary role changes. */
export type CanaryMove =
  | { kind: "none" }
  | { kind: "keep"; key: ReleaseKey; weight: Weight }
  | { kind: "start"; key: ReleaseKey; weight: Weight }
  | { kind: "weigh"; key: ReleaseKey; from: Weight; weight: Weight }
  | { kind: "supersede"; key: ReleaseKey; former: ReleaseKey; weight: Weight }
  | { kind: "abort"; former: ReleaseKey };

/** What the config asks for, compared with what runs. */
export interface Change {
  stable: StableMove;
  canary: CanaryMove;
  stableKey: ReleaseKey;
  canaryKey?: ReleaseKey;
  /** Releases in the config that do not run yet, as far as is known. */
  added: ReleaseKey[];
}

/** Compares the config with what runs. */
export function changeOf(before: Before, { stable, canary }: DesiredApp): Change {
  const stableKey = keyOf(stable);
  const canaryKey = canary && keyOf(canary);
  const record = before.kind === "recorded" ? before.record : undefined;
  const named = canaryKey === undefined ? [stableKey] : [stableKey, canaryKey];
  const wanted = canary && { key: keyOf(canary), weight: shareOf(canary.weight) };
  return {
    stable: stableMove(before, stableKey),
    canary: canaryMove(record, stableKey, wanted),
    stableKey,
    canaryKey,
    added: named.filter((key) => record === undefined || liveRelease(record, key) === undefined),
  };
}

// Another rule refuses an invalid weight; the other rules treat it as no share.
function shareOf(weight: number): Weight {
  return isWeight(weight) ? weight : 0;
}

function stableMove(before: Before, key: ReleaseKey): StableMove {
  switch (before.kind) {
    case "nothing":
      return { kind: "first" };
    case "lost":
      return before.liveStable === key
        ? { kind: "adopt" }
        : { kind: "jump", from: before.liveStable };
    case "recorded":
      return recordedMove(before.record, key);
  }
}

function recordedMove(record: AppRecord, key: ReleaseKey): StableMove {
  const from = record.stable;
  if (key === from) return { kind: "stay" };
  if (liveRelease(record, key)?.stableSince !== undefined) return { kind: "rollback", from };
  return key === record.canary?.key ? { kind: "promote", from } : { kind: "jump", from };
}

function canaryMove(
  record: AppRecord | undefined,
  stableKey: ReleaseKey,
  wanted: { key: ReleaseKey; weight: Weight } | undefined,
): CanaryMove {
  // A canary that becomes stable leaves its role empty; a canary after it is a new one.
  const former = record?.canary?.key === stableKey ? undefined : record?.canary;
  if (wanted === undefined) {
    return former === undefined ? { kind: "none" } : { kind: "abort", former: former.key };
  }
  if (former === undefined) return { kind: "start", ...wanted };
  if (former.key !== wanted.key) return { kind: "supersede", former: former.key, ...wanted };
  return former.weight === wanted.weight
    ? { kind: "keep", ...wanted }
    : { kind: "weigh", from: former.weight, ...wanted };
}

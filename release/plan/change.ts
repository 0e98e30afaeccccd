import { keyOf } from "./names";
import type { AppRecord, DesiredApp, ReleaseKey } from "./types";

/** How the stable role moves. */
export type StableMove =
  | { kind: "first" }
  | { kind: "adopt" }
  | { kind: "none" }
  | { kind: "promote"; from: ReleaseKey }
  | { kind: "rollback"; from: ReleaseKey }
  /** To a release that is neither canary nor kept. */
  | { kind: "jump"; from: ReleaseKey };

/** How the canary role moves. */
export type CanaryMove =
  | { kind: "none" }
  | { kind: "start"; weight: number }
  | { kind: "weight"; from: number; to: number }
  | { kind: "supersede"; former: ReleaseKey; weight: number }
  | { kind: "abort"; former: ReleaseKey };

/** What the config asks for, against what is live. */
export interface Change {
  stable: StableMove;
  canary: CanaryMove;
  stableKey: ReleaseKey;
  canaryKey?: ReleaseKey;
  /** Releases of the config that do not run yet. */
  added: ReleaseKey[];
}

/** Compares the config with the last record. */
export function changeOf(previous: AppRecord | undefined, desired: DesiredApp): Change {
  const stableKey = keyOf(desired.stable);
  const canaryKey = desired.canary && keyOf(desired.canary);
  const live = Object.keys(previous?.releases ?? {});
  const wanted = canaryKey === undefined ? [stableKey] : [stableKey, canaryKey];
  return {
    stable: stableMove(previous, stableKey),
    canary: canaryMove(previous, stableKey, canaryKey, desired.canary?.weight ?? 0),
    stableKey,
    canaryKey,
    added: wanted.filter((key) => !live.includes(key)),
  };
}

function stableMove(previous: AppRecord | undefined, key: ReleaseKey): StableMove {
  if (previous === undefined) return { kind: "first" };
  const from = previous.stable;
  if (key === from) return { kind: "none" };
  if (previous.retained.includes(key)) return { kind: "rollback", from };
  return key === previous.canary?.key ? { kind: "promote", from } : { kind: "jump", from };
}

function canaryMove(
  previous: AppRecord | undefined,
  stableKey: ReleaseKey,
  key: ReleaseKey | undefined,
  weight: number,
): CanaryMove {
  // A canary that becomes stable leaves its role; what follows it is a new one.
  const former = previous?.canary?.key === stableKey ? undefined : previous?.canary;
  if (key === undefined) {
    return former === undefined ? { kind: "none" } : { kind: "abort", former: former.key };
  }
  if (former === undefined) return { kind: "start", weight };
  if (former.key !== key) return { kind: "supersede", former: former.key, weight };
  return former.weight === weight
    ? { kind: "none" }
    : { kind: "weight", from: former.weight, to: weight };
}

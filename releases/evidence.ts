import { clockSkew } from "./clock";
import { liveRelease } from "./record";
import type { Situation } from "./situation";
import type { CheckEvidence } from "./types";
import type { ReleaseKey } from "./version";

/**
 * Returns the newest check of a release, whether it is next to the stable release in the config, next to the
 * canary, or in the record. A check with a time in the future is used only if there is no other.
 */
export function knownEvidence(situation: Situation, key: ReleaseKey): CheckEvidence | undefined {
  const { record, desired } = situation;
  const recorded = record && liveRelease(record, key)?.check;
  const all = [desired.stable.check, desired.canary?.check, recorded]
    .filter((it) => it !== undefined)
    .filter(({ release }) => release === key);
  return newest(all.filter((it) => isPast(it, situation))) ?? all[0];
}

/**
 * Returns the check that a record keeps: a check with a time in the future would hide those made until then.
 */
export function lastingEvidence(situation: Situation, key: ReleaseKey): CheckEvidence | undefined {
  const evidence = knownEvidence(situation, key);
  if (evidence === undefined || !isPast(evidence, situation)) return undefined;
  const { verdict, at, release, samples, rules } = evidence;
  return { verdict, at, release, samples, rules };
}

function isPast({ at }: CheckEvidence, { now }: Situation): boolean {
  return Date.parse(at) <= now + clockSkew * 1000;
}

function newest(evidence: readonly CheckEvidence[]): CheckEvidence | undefined {
  return [...evidence].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

import { span } from "../config/durations";
import { checkRulesHash } from "./check-rules";
import { clockSkew, iso } from "./clock";
import { liveRelease, type AppRecord } from "./record";
import type { Situation } from "./situation";
import type { CheckEvidence } from "./types";
import type { ReleaseKey } from "./version";

/**
 * Minimum age of a canary in a check that can pass, seconds. Before, its requests cannot be distinguished from those of
 * the release before it: see the check itself, `cli/release/trial.ts`.
 */
export const earliestCheck = 60;

/**
 * Returns the newest check of a release, whether it is next to the stable release in the config, next to the
 * canary, or in the record. A check with a time in the future is used only if there is no other.
 */
export function knownEvidence(situation: Situation, key: ReleaseKey): CheckEvidence | undefined {
  const all = [...givenEvidence(situation, key), ...recordedEvidence(situation, key)];
  return newest(all.filter((it) => isPast(it, situation))) ?? all[0];
}

/**
 * Returns the check that a record keeps: the newest one that counts. A check with a time in the future would hide
 * those made until then, and other stacks believe a record that says that a canary passed.
 */
export function lastingEvidence(situation: Situation, key: ReleaseKey): CheckEvidence | undefined {
  const counting = [
    ...givenEvidence(situation, key).filter((it) => uncounted(situation, it) === undefined),
    ...recordedEvidence(situation, key),
  ];
  const evidence = newest(counting.filter((it) => isPast(it, situation)));
  if (evidence === undefined) return undefined;
  const { verdict, at, release, samples, rules } = evidence;
  return { verdict, at, release, samples, rules };
}

/** Returns the checks of a release in the config. */
export function givenEvidence({ desired }: Situation, key: ReleaseKey): CheckEvidence[] {
  return [desired.stable.check, desired.canary?.check]
    .filter((it) => it !== undefined)
    .filter(({ release }) => release === key);
}

function recordedEvidence({ record }: Situation, key: ReleaseKey): CheckEvidence[] {
  const recorded = record && liveRelease(record, key)?.check;
  return recorded?.release === key ? [recorded] : [];
}

/**
 * Returns why a check in the config, according to which the canary passed, is not recorded, as a clause about the
 * check; undefined if it is recorded. A check of a stable release proves nothing more, because its requests have
 * already tried it.
 */
export function uncounted(situation: Situation, evidence: CheckEvidence): string | undefined {
  const { record, change } = situation;
  const { release: key, at, verdict } = evidence;
  if (key !== change.canaryKey || verdict !== "pass") return undefined;
  // Less than the full skew: otherwise a check that is written with the start of the canary would count once the same
  // update is made again.
  const wrong = timeProblem(situation, evidence, earliestCheck / 2);
  if (wrong !== undefined) return wrong;
  const made = Date.parse(at);
  const since = record?.canary?.key === key ? liveRelease(record, key)?.canarySince : undefined;
  if (since === undefined) {
    return `was made at ${at}, and no update has recorded ${key} as a canary with pods yet`;
  }
  if (made < Date.parse(since) + earliestCheck * 1000) {
    return `was made at ${at}, and no check can pass before ${span(earliestCheck)} after the canary's start at ${since}`;
  }
  return passProblem(situation, evidence);
}

/**
 * Returns why a check cannot have been made when it says, as a clause about the check.
 * @param skew seconds by which the clocks of the computers that check and that plan may differ.
 */
export function timeProblem(
  { now }: Situation,
  { at }: CheckEvidence,
  skew = clockSkew,
): string | undefined {
  const made = Date.parse(at);
  if (Number.isNaN(made)) return `was made at "${at}", which is not a time`;
  return made > now + skew * 1000
    ? `was made at ${at}, which is in the future: it is ${iso(now)}`
    : undefined;
}

/** Returns why a check cannot have passed by the rules in force, as a clause about the check. */
export function passProblem(situation: Situation, evidence: CheckEvidence): string | undefined {
  const { minimumSamples = 0 } = situation.policy;
  if (evidence.samples < minimumSamples) {
    return `saw ${evidence.samples} requests; at least ${minimumSamples} are needed`;
  }
  return isOfOtherRules(situation, evidence)
    ? `at ${evidence.at} was not judged by the rules of platform:releases.check that are in force`
    : undefined;
}

/**
 * Whether a check was judged by other rules than those in force. Older programs recorded no rules: their checks
 * count until an update has recorded the rules.
 */
function isOfOtherRules({ policy, record }: Situation, { rules }: CheckEvidence): boolean {
  if (policy.check === undefined) return false;
  if (rules === undefined) return record?.guard?.check !== undefined;
  return rules !== checkRulesHash(policy.check);
}

/** Returns when the share of a canary last rose; undefined if the record of an older program does not say. */
export function raisedAt({ canaries = [] }: AppRecord, key: ReleaseKey): string | undefined {
  const shares = canaries.filter(({ release, kind }) => release === key && kind !== "end");
  return shares.find(
    ({ kind, weight = 0 }, at) => kind === "start" || weight > (shares[at + 1]?.weight ?? 0),
  )?.at;
}

function isPast({ at }: CheckEvidence, { now }: Situation): boolean {
  return Date.parse(at) <= now + clockSkew * 1000;
}

function newest(evidence: readonly CheckEvidence[]): CheckEvidence | undefined {
  return [...evidence].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

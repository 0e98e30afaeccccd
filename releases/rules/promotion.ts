import { checkRulesHash } from "../check-rules";
import { clockSkew, iso, span } from "../clock";
import { knownEvidence } from "../evidence";
import { liveRelease } from "../record";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { CheckEvidence } from "../types";

/** Returns what a canary still needs for its promotion: time, or a passing check. */
export function promotion(situation: Situation): Finding[] {
  const { record, change, desired, now, policy } = situation;
  const key = change.stableKey;
  if (desired.sharesPods === true && record?.canary?.weight === 0) {
    return [
      finding(
        `${key} is a canary at 0%, so it has no pods and has not run yet`,
        `give it a share first: npx platform release weight ${desired.name} <percent> --stack <stack>; its soak time of ${span(policy.soak)} begins then`,
      ),
    ];
  }
  const since = Date.parse((record && liveRelease(record, key)?.canarySince) ?? "");
  const until = since + policy.soak * 1000;
  const missing = Math.ceil((until - now) / 1000);
  if (missing <= 0) return policy.checkRequired ? passingCheck(situation, until) : [];
  const soaked = Math.max(0, Math.floor((now - since) / 1000));
  return [
    finding(
      `${key} has been the canary for ${span(soaked)} of the ${span(policy.soak)} that it needs; ${span(missing)} remain, until ${iso(until)}`,
      `promote it then${policy.checkRequired ? ", after a check at that time" : ""}`,
    ),
  ];
}

function passingCheck(situation: Situation, soakEnd: number): Finding[] {
  const problem = checkProblem(situation, soakEnd);
  if (problem === undefined) return [];
  const remedy = `run npx platform release check ${situation.desired.name} --stack <stack>, and promote when it passes`;
  return [finding(problem, remedy)];
}

function checkProblem(situation: Situation, soakEnd: number): string | undefined {
  const { desired, change, now, policy } = situation;
  const key = change.stableKey;
  const evidence = knownEvidence(situation, key);
  const foreign = desired.stable.check;
  if (evidence === undefined) {
    return foreign === undefined
      ? `${key} has no check`
      : `the check given for ${key} is for ${foreign.release}`;
  }
  const { verdict, at, samples } = evidence;
  const made = Date.parse(at);
  if (Number.isNaN(made)) return `the check of ${key} was made at "${at}", which is not a time`;
  if (made > now + clockSkew * 1000) {
    return `the check of ${key} was made at ${at}, which is in the future: it is ${iso(now)}`;
  }
  if (verdict !== "pass")
    return `the check of ${key} at ${at} has the verdict ${verdict}; a promotion needs pass`;
  if (made < soakEnd) {
    return `the check of ${key} was made at ${at}, before its soak time was over at ${iso(soakEnd)}`;
  }
  const { checkValid = Infinity, minimumSamples = 0 } = policy;
  const age = Math.floor((now - made) / 1000);
  if (age > checkValid) {
    return `the check of ${key} was made ${span(age)} ago, and is valid for ${span(checkValid)}`;
  }
  if (samples < minimumSamples) {
    return `the check of ${key} saw ${samples} requests; at least ${minimumSamples} are needed`;
  }
  if (isOfOtherRules(situation, evidence)) {
    return `the check of ${key} at ${at} was not judged by the rules of platform:releases.check that are in force`;
  }
  return undefined;
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

function finding(message: string, remedy: string): Finding {
  return { rule: "canary-before-stable", message, remedy: remedy + emergency };
}

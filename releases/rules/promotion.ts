import { span } from "../../config/durations";
import { iso } from "../clock";
import { knownEvidence, passProblem, raisedAt, timeProblem } from "../evidence";
import { liveRelease } from "../record";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";

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
  const { desired, record, change, now, policy } = situation;
  const key = change.stableKey;
  const evidence = knownEvidence(situation, key);
  const foreign = desired.stable.check;
  if (evidence === undefined) {
    return foreign === undefined
      ? `${key} has no check`
      : `the check given for ${key} is for ${foreign.release}`;
  }
  const { verdict, at } = evidence;
  const impossible = timeProblem(situation, evidence);
  if (impossible !== undefined) return `the check of ${key} ${impossible}`;
  if (verdict !== "pass")
    return `the check of ${key} at ${at} has the verdict ${verdict}; a promotion needs pass`;
  const made = Date.parse(at);
  if (made < soakEnd) {
    return `the check of ${key} was made at ${at}, before its soak time was over at ${iso(soakEnd)}`;
  }
  const raised = record && raisedAt(record, key);
  if (raised !== undefined && made < Date.parse(raised)) {
    return `the check of ${key} was made at ${at}, before it got its share of ${record?.canary?.weight}% at ${raised}`;
  }
  const { checkValid = Infinity } = policy;
  const age = Math.floor((now - made) / 1000);
  if (age > checkValid) {
    return `the check of ${key} was made ${span(age)} ago, and is valid for ${span(checkValid)}`;
  }
  const unproven = passProblem(situation, evidence);
  return unproven === undefined ? undefined : `the check of ${key} ${unproven}`;
}

function finding(message: string, remedy: string): Finding {
  return { rule: "canary-before-stable", message, remedy: remedy + emergency };
}

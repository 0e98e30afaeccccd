import type { AppConfig } from "../../config";
import type { ReadOutputs } from "../../program/proofs";
import type {
  AppRecord,
  CheckEvidence,
  Override,
  Plan,
  Refusal,
  Reliance,
  ReleaseKey,
} from "../../releases";
import { attempt } from "./check";
import { emergency } from "../../releases/refusal";
import { checkJson } from "./json";
import { ageOf, checkTrial, type Trial } from "./trial";
import type { CheckResult } from "./verdict";

/** A step of an app that relies on the check of its canary, and how to repeat the check. */
export interface ReliedCheck extends Trial {
  step: Reliance["step"];
  evidence: CheckEvidence;
  override?: Override;
  /** The time of that check, and the age of the canary then; undefined if its current pods are newer. */
  former?: Pick<Trial, "age" | "at">;
}

/** A repeated check. */
export interface RepeatedCheck {
  app: string;
  release: ReleaseKey;
  step: Reliance["step"];
  /** The check on which the step relies. */
  evidence: CheckEvidence;
  /** The override that covers a failure. */
  override?: Override;
  /** Result, or why the check could not be repeated. */
  result: CheckResult | string;
  /** Result as of the time of the check in the config, if the check cannot be decided now. */
  then?: CheckResult | string;
}

/** The decision about an app's releases, and what it is based on. */
interface Decided {
  name: string;
  app: AppConfig;
  answer: Plan | Refusal;
  previous: AppRecord | undefined;
  now: Date;
}

/** Returns the check that an app's next update relies on; undefined if it relies on none, or is refused. */
export function reliedCheck({
  name,
  app,
  answer,
  previous,
  now,
}: Decided): ReliedCheck | undefined {
  const relies = answer.kind === "plan" ? answer.relies : undefined;
  if (relies === undefined) return undefined;
  const { step, evidence, canary, stable, weight, namespace, policy, override } = relies;
  const { check, minimumSamples = 0 } = policy;
  // Both are undefined only in tests of the release rules.
  if (check === undefined || namespace === undefined) return undefined;
  const rules = { ...check, minimumRequests: minimumSamples };
  const ageAt = (time: Date) => ageOf({ record: previous, now: time }, canary);
  const age = ageAt(now);
  const config = { kind: app.kind, protocol: app.protocol };
  const trial = { app: name, config, namespace, stable, canary, weight, age, rules };
  const former = { at: new Date(evidence.at), age: ageAt(new Date(evidence.at)) };
  const isOfThesePods = former.age !== undefined && former.age >= 0;
  return {
    ...trial,
    ...{ step, evidence },
    ...(isOfThesePods && { former }),
    ...(override && { override }),
  };
}

/**
 * Repeats the checks that an update relies on, all at the same time. A check that cannot be decided now, for example
 * because the canary gets fewer requests at night, is also repeated as of the time of the check in the config.
 * @param read reads the outputs of platform stacks, which may name the Prometheus.
 */
export function repeatChecks(
  relied: readonly ReliedCheck[],
  read?: ReadOutputs,
): Promise<RepeatedCheck[]> {
  return Promise.all(
    relied.map(async ({ step, evidence, override, former, ...trial }) => {
      const { app, canary: release } = trial;
      const result = await attempt(() => checkTrial(trial, read));
      const isOpen = typeof result !== "string" && result.verdict === "inconclusive";
      const then =
        isOpen && former !== undefined
          ? await attempt(() => checkTrial({ ...trial, ...former }, read))
          : undefined;
      const repeated = { app, release, step, evidence, result };
      return { ...repeated, ...(override && { override }), ...(then !== undefined && { then }) };
    }),
  );
}

/** Whether a check fails that passed according to the config, whether or not an override covers that. */
export function isContradicted({ result }: RepeatedCheck): boolean {
  return typeof result !== "string" && result.verdict === "fail";
}

/**
 * Whether a check did not pass by the data of its time, although the config says that it did. A number near its limit
 * may differ from what the check saw, so half of its requests are enough.
 */
export function isDoubted({ evidence, then }: RepeatedCheck): boolean {
  if (then === undefined || typeof then === "string" || then.lacksData === true) return false;
  const { verdict, requests } = then;
  // The check of a worker counts no requests.
  const sawLess = evidence.samples === 0 || requests * 2 < evidence.samples;
  return verdict === "fail" || (verdict === "inconclusive" && sawLess);
}

/**
 * Returns the result of a repeated check: the number of requests, the criteria that fail or that cannot be decided, or
 * why the check could not be repeated.
 */
export function reasonOf(result: RepeatedCheck["result"]): string {
  if (typeof result === "string") return result;
  const { verdict, findings, requests } = result;
  // The check of a worker counts no requests.
  if (verdict === "pass") return requests > 0 ? `${Math.round(requests)} requests` : "no failure";
  const decisive = findings.filter((finding) => finding.verdict === verdict);
  return decisive.map(({ criterion, text }) => `${criterion}: ${text}`).join("; ");
}

const subjects: Record<Reliance["step"], string> = {
  promotion: "its promotion relies",
  share: "its larger share relies",
  record: "the record of this update relies",
};

/** Returns what relies on a check, as the end of a clause that begins with `on which`. */
export function subjectOf({ step }: Pick<RepeatedCheck, "step">): string {
  return subjects[step];
}

/** Returns what to do about a check that fails when it is repeated. */
export function remedyOf({ app, release, step }: RepeatedCheck, stack: string): string {
  const command = (verb: string) => `npx platform release ${verb} ${app} --stack ${stack}`;
  const back = `go back to the stable release: ${command("rollback")}`;
  return step === "promotion"
    ? `${back}; or make ${release} the canary again, and promote it when it passes: ${command("check")}${emergency}`
    : `${back}; or record the result, so that nothing relies on this check any more: ${command("check")}`;
}

/** Returns the result of a repeated check as a sentence without a full stop. */
export function repeatedText(check: RepeatedCheck): string {
  const { app, release, evidence, override, result } = check;
  const reason = reasonOf(result);
  const subject = `${app}: the check of ${release}, on which ${subjectOf(check)},`;
  const verdict = typeof result === "string" ? "unchecked" : result.verdict;
  switch (verdict) {
    case "pass":
      return `${subject} passes again: ${reason}`;
    case "fail":
      return `${subject} passed at ${evidence.at} and fails now: ${reason}${override === undefined ? "" : `; ${override.by} overrides this: ${override.reason}`}`;
    case "inconclusive":
    case "unchecked":
      return `${subject} could not be repeated: ${reason}; ${formerText(check)}`;
  }
}

/** Returns what counts instead of a check that cannot be decided now. */
export function formerText(check: RepeatedCheck): string {
  const { evidence, then } = check;
  if (isDoubted(check) && then !== undefined) {
    return `by the data of ${evidence.at}, when it passed according to the file, it did not pass: ${reasonOf(then)}`;
  }
  return typeof then === "object" && then.verdict === "pass"
    ? `by the data of ${evidence.at} it passed: ${reasonOf(then)}`
    : `the check of ${evidence.at} in the file counts`;
}

/**
 * Returns why an update must not start; undefined if it may.
 * @param stack its name, for commands.
 */
export function objectionOf(checks: readonly RepeatedCheck[], stack: string): string | undefined {
  const failed = checks.filter((it) => isContradicted(it) && it.override === undefined);
  if (failed.length === 0) return undefined;
  return [
    `Stack "${stack}" would take steps of canaries that fail their checks; nothing was changed.`,
    ...failed.flatMap((it) => [`  ${repeatedText(it)}.`, `    → ${remedyOf(it, stack)}.`]),
  ].join("\n");
}

/** Returns the repeated checks as data, with the verdict `unchecked` for those that could not be repeated. */
export function repeatedJson(checks: readonly RepeatedCheck[]): object[] {
  return checks.map(({ app, release, step, evidence, override, result, then }) => ({
    ...checkJson(app, result),
    release,
    step,
    evidence,
    ...(override && { override }),
    ...(then !== undefined && { then: checkJson(app, then) }),
  }));
}

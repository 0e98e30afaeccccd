import type { AppConfig } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { span } from "../../config/durations";
import { keyOf, type AppRecord, type ReleaseKey } from "../../releases";
import type { CheckResult } from "./verdict";

/** Next step of a canary that advances automatically. */
export type Advance =
  /** No step yet, or no step without a person. */
  | { kind: "nothing"; reason: string }
  | { kind: "weigh"; weight: number; reason: string }
  | { kind: "promote"; reason: string }
  /**
   * Stable gets all requests, and the canary keeps running until a person ends it. The canary of a worker,
   * whose share is a share of pods, stops.
   */
  | { kind: "take-away"; reason: string; sharesPods?: true };

/** Input for the next step of a canary. */
export interface AdvanceArgs {
  app: AppConfig;
  record: AppRecord | undefined;
  /** Differences of the cluster from the record. */
  differences: readonly string[];
  /** Result of a check that was just made; undefined if nothing could be measured. */
  check: CheckResult | undefined;
  now: Date;
}

/**
 * Decides the next step of a canary. After a failed check, stable gets all requests immediately. A step
 * forward needs the time of `every`, a passing check, and a record that agrees with the config and with the
 * cluster.
 */
export function nextStep(args: AdvanceArgs): Advance {
  const { app, record, differences, check } = args;
  const { canary, steps } = app;
  if (canary === undefined) return nothing("it has no canary");
  if (steps === undefined) return nothing("it has no steps; a person changes its weight");
  const key = keyOf(canary);
  const shares = isWorker(app);
  if (check?.verdict === "fail") {
    return canary.weight === 0
      ? nothing(`the check of ${key} fails, and it ${shares ? "has no pods" : "gets no requests"}`)
      : takeAway(`the check of ${key} fails`, shares);
  }
  if (canary.hold === true) return nothing(`${key} is held`);
  if (record?.canary?.key !== key || record.canary.weight !== canary.weight) {
    return nothing("the config has changes that no update has applied yet");
  }
  if (differences.length > 0) return nothing(differences.join("; "));
  if (canary.weight === 0 && canary.check?.verdict === "fail" && canary.check.release === key) {
    return nothing(`the check of ${key} failed at ${canary.check.at}; a person decides`);
  }
  const last = lastEventOf(record, key);
  if (canary.weight === 0 && last?.kind === "weigh") {
    return nothing(
      `${shares ? `the pods of ${key} stopped` : `the requests of ${key} went back to stable`} at ${last.at}; a person decides: give it a share, or end it`,
    );
  }
  return forward(args, key, canary.weight, last?.at ?? sinceOf(record, key));
}

function forward(
  { app, check, now }: AdvanceArgs,
  key: ReleaseKey,
  weight: number,
  since: string,
): Advance {
  const { steps } = app;
  if (steps === undefined) return nothing("it has no steps");
  const { weights, every, timeout, inconclusive } = steps;
  const waited = Math.floor((now.getTime() - Date.parse(since)) / 1000);
  if (waited < every) return nothing(`the next step of ${key} is in ${span(every - waited)}`);
  // A canary without requests cannot be judged.
  if (steps.check && weight > 0 && check?.verdict !== "pass") {
    const doubt = `the check of ${key} is ${check?.verdict ?? "not possible"}${reasonOf(check)}`;
    if (inconclusive === "wait" && waited < timeout) {
      return nothing(`${doubt}; it waits, for ${span(timeout - waited)} at most`);
    }
    return takeAway(`${doubt} after ${span(waited)}`, isWorker(app));
  }
  const next = weights.find((step) => step > weight);
  const reason = `${key} had ${weight}% for ${span(waited)}`;
  // A worker's canary at 0% has no pods, and has not been tried.
  const isUntried = isWorker(app) && weight === 0;
  return next === undefined || (next === 100 && !isUntried)
    ? { kind: "promote", reason }
    : { kind: "weigh", weight: next, reason };
}

/** What a check could not determine, in parentheses. */
function reasonOf(check: CheckResult | undefined): string {
  const doubts = (check?.findings ?? []).filter(({ verdict }) => verdict === "inconclusive");
  return doubts.length === 0 ? "" : ` (${doubts.map(({ text }) => text).join("; ")})`;
}

/** Returns since when a canary has its share, if no event in the record shows it. */
function sinceOf(record: AppRecord, key: ReleaseKey): string {
  return record.releases[key]?.canarySince ?? record.changedAt;
}

/** Returns the last event of a release as canary. */
function lastEventOf({ canaries = [] }: AppRecord, key: ReleaseKey) {
  return canaries.find(({ release }) => release === key);
}

function takeAway(reason: string, shares: boolean): Advance {
  return { kind: "take-away", reason, ...(shares && { sharesPods: true }) };
}

function nothing(reason: string): Advance {
  return { kind: "nothing", reason };
}

import type { AppConfig } from "../../config";
import type { CheckResult } from "./verdict";
import { keyOf, span, type AppRecord, type ReleaseKey } from "../../releases";

/** What a canary that goes on by itself does next. */
export type Advance =
  /** Nothing yet, or nothing without a person. */
  | { kind: "nothing"; reason: string }
  | { kind: "weigh"; weight: number; reason: string }
  | { kind: "promote"; reason: string }
  /** Stable takes all requests; the canary keeps running until a person ends it. */
  | { kind: "take-away"; reason: string };

/** What the next step of a canary is decided by. */
export interface AdvanceArgs {
  app: AppConfig;
  record: AppRecord | undefined;
  /** Where the cluster is not as recorded. */
  differences: readonly string[];
  /** What a check found just now; nothing where none could be made. */
  check: CheckResult | undefined;
  now: Date;
}

/**
 * Decides the next step of a canary. A failed check takes its requests away at once; a step forward
 * needs the time of `every`, a record that is what the config asks for and the cluster runs, and a
 * passing check.
 */
export function nextStep(args: AdvanceArgs): Advance {
  const { app, record, differences, check } = args;
  const { canary, steps } = app;
  if (canary === undefined) return nothing("it has no canary");
  if (steps === undefined) return nothing("it has no steps; a person changes its weight");
  const key = keyOf(canary);
  if (check?.verdict === "fail") {
    return canary.weight === 0
      ? nothing(`the check of ${key} fails, and it gets no requests`)
      : { kind: "take-away", reason: `the check of ${key} fails` };
  }
  if (canary.hold === true) return nothing(`${key} is held`);
  if (record?.canary?.key !== key || record.canary.weight !== canary.weight) {
    return nothing("an update must make what the config asks for first");
  }
  if (differences.length > 0) return nothing(differences.join("; "));
  if (canary.weight === 0 && canary.check?.verdict === "fail" && canary.check.release === key) {
    return nothing(`the check of ${key} failed at ${canary.check.at}; a person decides`);
  }
  return forward(args, key, canary.weight, sinceOf(record, key));
}

function forward(
  { app: { steps }, check, now }: AdvanceArgs,
  key: ReleaseKey,
  weight: number,
  since: string,
): Advance {
  if (steps === undefined) return nothing("it has no steps");
  const { weights, every, patience, inconclusive } = steps;
  const waited = Math.floor((now.getTime() - Date.parse(since)) / 1000);
  if (waited < every) return nothing(`the next step of ${key} is in ${span(every - waited)}`);
  // Nothing can be said of a canary that gets no requests.
  if (steps.check && weight > 0 && check?.verdict !== "pass") {
    const doubt = `the check of ${key} is ${check?.verdict ?? "not possible"}`;
    if (inconclusive === "wait" && waited < patience) {
      return nothing(`${doubt}; it waits, for ${span(patience - waited)} at most`);
    }
    return { kind: "take-away", reason: `${doubt} after ${span(waited)}` };
  }
  const next = weights.find((step) => step > weight);
  const reason = `${key} had ${weight}% for ${span(waited)}`;
  return next === undefined || next === 100
    ? { kind: "promote", reason }
    : { kind: "weigh", weight: next, reason };
}

/** Since when a canary has its share. */
function sinceOf(record: AppRecord, key: ReleaseKey): string {
  const last = (record.canaries ?? []).find(({ release }) => release === key);
  return last?.at ?? record.releases[key]?.canarySince ?? record.changedAt;
}

function nothing(reason: string): Advance {
  return { kind: "nothing", reason };
}

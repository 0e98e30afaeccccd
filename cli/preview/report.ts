import { exitCodes, type ExitCode } from "../../local/commands/exit-codes";
import { repeatedJson, type RepeatedCheck } from "../release/repeat";
import { counts } from "./changes";
import { checkDangers } from "./checks";
import { dangersOf, type Danger } from "./dangers";
import type { Preview, Violation } from "./events";
import { normalPlan, planHash, type NormalPlan } from "./plan";
import { jobUrl } from "./post";
import type { Provenance } from "./provenance";
import type { AppTraffic } from "./traffic";

/** Everything that is known about one preview. */
export interface Report {
  stack: string;
  preview: Preview;
  traffic: AppTraffic[];
  dangers: Danger[];
  /** Checks of canaries that the update relies on. Their numbers are no part of the plan. */
  checks: RepeatedCheck[];
  /** Whether the change cannot be applied as it is. */
  failed: boolean;
  /** The plan to approve; undefined if the change cannot be applied. */
  plan: NormalPlan | undefined;
  hash: string | undefined;
  provenance: Provenance;
}

/**
 * Creates a report.
 * @param edits dangers in the repository's files themselves, which no step shows.
 * @param checks the repeated checks of canaries that the update relies on.
 */
export function reportOf(
  stack: string,
  preview: Preview,
  traffic: AppTraffic[],
  violations: readonly Violation[],
  provenance: Provenance,
  edits: readonly Danger[] = [],
  checks: RepeatedCheck[] = [],
): Report {
  const broken = violations.filter(({ mandatory }) => mandatory === true);
  const failed = !preview.finished || preview.errors.length > 0 || broken.length > 0;
  const plan = failed ? undefined : normalPlan(stack, preview, provenance.cluster.uid, traffic);
  return {
    stack,
    preview: { ...preview, errors: [...preview.errors, ...broken.map(stopText)] },
    traffic,
    checks,
    dangers: [
      ...checkDangers(checks, stack),
      ...edits,
      ...dangersOf(
        preview.steps,
        traffic,
        // Violations of mandatory rules are listed as errors.
        [...preview.violations, ...violations.filter(({ mandatory }) => mandatory !== true)],
        preview.numberedObjects,
        preview.byHand,
        preview.plainObjects,
      ),
    ],
    failed,
    plan,
    hash: plan && planHash(plan),
    provenance,
  };
}

/** Returns why a violation stops a change. */
function stopText({ policy, object, message }: Violation): string {
  const subject = object === undefined ? "" : ` by ${object}`;
  return `Policy ${policy} is broken${subject}: ${message}`;
}

/** Returns 0 if nothing is dangerous, 1 if the change cannot be applied, 3 if there are dangers. */
export function exitCodeOf({ failed, dangers }: Report): ExitCode {
  if (failed) return exitCodes.failed;
  return dangers.length > 0 ? exitCodes.undecided : exitCodes.done;
}

/** Returns the report of a preview that could not run. */
export function notRunJson(stack: string, reason: string): string {
  const [first = ""] = reason.split("\n");
  const none = { create: 0, update: 0, delete: 0 };
  const job = jobUrl(process.env);
  return `${JSON.stringify({ ...none, stack, verdict: "failed", job, errors: [first] }, null, 2)}\n`;
}

/**
 * Returns the report as JSON: GitLab's widget reads `create`, `update` and `delete`; the rest is for people.
 */
export function reportJson(report: Report): string {
  const { stack, preview, checks, dangers, failed, hash, plan, provenance } = report;
  const { transforms = [] } = provenance;
  const verdict = failed ? "failed" : dangers.length > 0 ? "dangerous" : "calm";
  const { byHand, errors, warnings, steps } = preview;
  const data = {
    ...counts(steps),
    stack,
    verdict,
    job: jobUrl(process.env),
    dangers,
    ...(checks.length > 0 && { checks: repeatedJson(checks) }),
    ...(transforms.length > 0 && { transforms }),
    changedByHand: byHand,
    errors,
    warnings,
    planHash: hash,
    plan,
  };
  return `${preview.redact(JSON.stringify(data, null, 2))}\n`;
}

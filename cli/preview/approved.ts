import { canonical } from "../../releases/template";
import { objectionOf } from "../release/repeat";
import { handLines, type HandChange } from "./by-hand";
import { planDifference, planLines, type NormalPlan } from "./plan";
import type { Report } from "./report";
import { keptPlan } from "./store";

/**
 * Returns why the current plan is not applied; undefined if it is the approved one and no check that it relies on
 * fails.
 * @param approved hash of the approved plan.
 */
export function objectionTo(
  approved: string,
  { stack, preview, plan, hash, checks }: Report,
): string | undefined {
  const former = keptPlan(approved);
  if (plan === undefined || hash === undefined) {
    return [
      `Stack "${stack}" cannot be updated; nothing was changed.`,
      ...newByHand(preview.byHand, former),
      ...preview.errors,
    ].join("\n");
  }
  if (hash === approved) return objectionOf(checks, stack);
  const difference =
    former === undefined
      ? ["The approved plan is not available; the current one is:", ...planLines(plan)]
      : ["Lines with - are approved, lines with + are current:", ...planDifference(former, plan)];
  return [
    `Stack "${stack}" would change differently than approved; nothing was changed.`,
    ...byHandLines(preview.byHand, former),
    ...difference,
    `approved ${approved}`,
    `current  ${hash}`,
    `Review it again: npx platform preview ${stack}`,
  ].join("\n");
}

/** Returns the changes by hand that only one of two plans contains. */
function byHandLines(present: readonly HandChange[], former: NormalPlan | undefined): string[] {
  return [
    ...newByHand(present, former),
    ...titledLines("No longer as it was changed by hand:", without(former?.byHand ?? [], present)),
  ];
}

/**
 * Returns the changes by hand that the approved plan does not contain; all of them if that plan is not
 * available.
 */
function newByHand(present: readonly HandChange[], former: NormalPlan | undefined): string[] {
  const since = former === undefined ? "since the last update" : "since the plan was approved";
  return titledLines(
    `Changed by hand in the cluster ${since}:`,
    without(present, former?.byHand ?? []),
  );
}

function titledLines(title: string, changes: readonly HandChange[]): string[] {
  return changes.length === 0 ? [] : [title, ...handLines(changes)];
}

function without(changes: readonly HandChange[], others: readonly HandChange[]): HandChange[] {
  const known = new Set(others.map((it) => canonical(it)));
  return changes.filter((it) => !known.has(canonical(it)));
}

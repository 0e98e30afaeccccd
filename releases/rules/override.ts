import { overridable, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { Override } from "../types";

/** Broken rules: those that are overridden, and those that are enforced. */
export interface Judgement {
  /** Rules that the override applies to. */
  overridden: Finding[];
  /** Rules that refuse the change. */
  enforced: Finding[];
}

/** Applies the override to the rules that allow one. Each override is valid for one change, the first that needs it. */
export function applyOverride(situation: Situation, findings: readonly Finding[]): Judgement {
  const { override } = situation.desired;
  const yields = findings.filter(({ rule }) => overridable.includes(rule));
  const kept = { overridden: [], enforced: [...findings] };
  if (override === undefined) return kept;
  if (isUsed(situation.former, override)) {
    return yields.length === 0 ? kept : { ...kept, enforced: [...findings, used(override)] };
  }
  return {
    overridden: [...yields, ...repeatedCheck(situation, yields)],
    enforced: findings.filter((finding) => !yields.includes(finding)),
  };
}

/**
 * An override next to a promotion covers the check that is repeated before it. Only the commands know its result, and
 * the record must show the override nevertheless.
 */
function repeatedCheck(situation: Situation, yields: readonly Finding[]): Finding[] {
  const { change, policy } = situation;
  const key = change.stableKey;
  const isGuarded = policy.forcedCanary && policy.checkRequired;
  if (!isGuarded || change.stable.kind !== "promote") return [];
  if (yields.some(({ rule }) => rule === "canary-before-stable")) return [];
  const message = `${key} is promoted even if its check fails when it is repeated`;
  return [{ rule: "canary-before-stable", message, remedy: "remove the override" }];
}

/** Whether the last update used this override, also for the release that an app takes over from another one. */
export function isUsed(
  { usedOverrides }: Pick<Situation["former"], "usedOverrides">,
  { by, reason }: Override,
): boolean {
  return usedOverrides.some((used) => used.by === by && used.reason === reason);
}

function used({ by, reason }: Override): Finding {
  return {
    rule: "override-used",
    message: `the override of ${by} ("${reason}") was used for an earlier change`,
    remedy: "write the reason for this change, or remove the override",
  };
}

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
  if (override === undefined || yields.length === 0)
    return { overridden: [], enforced: [...findings] };
  if (isUsed(situation, override))
    return { overridden: [], enforced: [...findings, used(override)] };
  return { overridden: yields, enforced: findings.filter((finding) => !yields.includes(finding)) };
}

/** Whether the last update used this override. */
export function isUsed({ record }: Pick<Situation, "record">, { by, reason }: Override): boolean {
  return record?.usedOverride?.by === by && record.usedOverride.reason === reason;
}

function used({ by, reason }: Override): Finding {
  return {
    rule: "override-used",
    message: `the override of ${by} ("${reason}") was used for an earlier change`,
    remedy: "write the reason for this change, or remove the override",
  };
}

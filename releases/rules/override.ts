import { overridable, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { Override } from "../types";

/** What becomes of the broken rules. */
export interface Judgement {
  /** Rules that the override sets aside. */
  setAside: Finding[];
  /** Rules that stand. */
  standing: Finding[];
}

/** Sets aside what an override may. Each override serves one change, the first that needs it. */
export function applyOverride(situation: Situation, findings: readonly Finding[]): Judgement {
  const { override } = situation.desired;
  const yields = findings.filter(({ rule }) => overridable.includes(rule));
  if (override === undefined || yields.length === 0)
    return { setAside: [], standing: [...findings] };
  if (isUsed(situation, override)) return { setAside: [], standing: [...findings, used(override)] };
  return { setAside: yields, standing: findings.filter((finding) => !yields.includes(finding)) };
}

/** Whether the last update's config had this very override, and it had served a change. */
export function isUsed({ record }: Situation, { by, reason }: Override): boolean {
  return record?.usedOverride?.by === by && record.usedOverride.reason === reason;
}

function used({ by, reason }: Override): Finding {
  return {
    rule: "override-used",
    message: `the override of ${by} ("${reason}") has served an earlier change`,
    remedy: "write the reason for this change, or remove the override",
  };
}

import type { Finding } from "../refusal";
import type { Situation } from "../situation";
import { canaryBeforeStable } from "./canary-before-stable";
import { contractServes } from "./contract";
import { noRollbackBelow } from "./floor";
import { frozen, malformedFreeze } from "./freeze";
import { immutable } from "./immutable";
import { moveAlone } from "./move-alone";
import { namesClash } from "./names-clash";
import { oneCanary } from "./one-canary";
import { requiredStack } from "./required-stack";
import { oneStep } from "./one-step";
import { canaryIsStable, completeOverride, versions, weight } from "./well-formed";

export { applyOverride, isUsed } from "./override";

const rules: readonly ((situation: Situation) => Finding[])[] = [
  versions,
  weight,
  canaryIsStable,
  completeOverride,
  malformedFreeze,
  namesClash,
  canaryBeforeStable,
  requiredStack,
  oneCanary,
  oneStep,
  moveAlone,
  immutable,
  noRollbackBelow,
  contractServes,
  frozen,
];

/** Returns every rule that the update breaks, before any override. */
export function brokenRules(situation: Situation): Finding[] {
  return rules.flatMap((rule) => rule(situation));
}

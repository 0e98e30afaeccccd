import { knownEvidence } from "./evidence";
import { isUsed } from "./rules";
import { activeFreezes } from "./rules/freeze";
import { pathsText } from "./texts";
import type { Situation } from "./situation";

/** Something that a reviewer should know and that stops nothing. */
export interface Notice {
  kind:
    "override-unused" | "freeze-in-force" | "freeze-over" | "template-waits" | "check-not-passed";
  text: string;
}

/** What a reviewer should know of a legal update. */
export function noticesOf(situation: Situation, overridden: boolean): Notice[] {
  return [
    ...unusedOverride(situation, overridden),
    ...freezes(situation),
    ...waitingTemplate(situation),
    ...uncheckedPromotion(situation),
  ];
}

function unusedOverride(situation: Situation, overridden: boolean): Notice[] {
  const { override } = situation.desired;
  if (override === undefined || overridden) return [];
  const state = isUsed(situation, override) ? "has served its change" : "sets nothing aside";
  return [{ kind: "override-unused", text: `the override of ${override.by} ${state}; remove it` }];
}

function freezes(situation: Situation): Notice[] {
  const active = activeFreezes(situation);
  const over = situation.desired.freezes.filter((freeze) => !active.includes(freeze));
  return [
    ...active.map(({ scope, until, reason }): Notice => {
      return { kind: "freeze-in-force", text: `${scope} is frozen until ${until}: ${reason}` };
    }),
    ...over.map(({ scope, until }): Notice => {
      return { kind: "freeze-over", text: `the freeze of ${scope} ended at ${until}; remove it` };
    }),
  ];
}

function waitingTemplate({ template }: Situation): Notice[] {
  if (template.kind !== "waits") return [];
  const text = `${pathsText(template.paths)} changed in the config and wait for the next new release; no live release has them`;
  return [{ kind: "template-waits", text }];
}

// Where a check is required this cannot be reached: the promotion is refused.
function uncheckedPromotion(situation: Situation): Notice[] {
  const { change } = situation;
  if (change.stable.kind !== "promote") return [];
  const evidence = knownEvidence(situation, change.stableKey);
  if (evidence === undefined || evidence.verdict === "pass") return [];
  const text = `the last check of ${change.stableKey}, at ${evidence.at}, says ${evidence.verdict}; it is promoted all the same`;
  return [{ kind: "check-not-passed", text }];
}

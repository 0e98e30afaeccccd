import { emergency, type Finding } from "../refusal";
import { orderOf, splitOf } from "../shares";
import type { Situation } from "../situation";

/**
 * An update changes each Service and the route once. Some changes have no order in which every
 * release stays within its former and its requested share, such as a promotion together with the next
 * canary at a lower weight than the promoted one had.
 */
export function oneStep(situation: Situation): Finding[] {
  const { record, desired, change } = situation;
  // Each release has its own number of pods, and all that rise do before any other falls.
  if (record === undefined || desired.sharesPods === true) return [];
  const { stable, canary } = record;
  const from = splitOf(stable, canary?.key, canary?.weight);
  const to = splitOf(change.stableKey, change.canaryKey, desired.canary?.weight);
  const { excess } = orderOf(from, to);
  if (excess === 0) return [];
  return [
    {
      rule: "one-step",
      message: `stable ${from.stable} → ${to.stable} and canary ${from.canary} → ${to.canary} cannot change in one update without a moment in which a release gets ${excess}% more than before and than requested`,
      remedy: `change stable first, and start canary ${to.canary} in an update of its own, or start it at 0%${emergency}`,
    },
  ];
}

import { emergency, type Finding } from "../refusal";
import { orderOf, splitOf } from "../shares";
import type { Situation } from "../situation";

/**
 * An update changes each Service and the route once. For some changes, no order keeps every release within its
 * former and its requested share, such as a promotion together with the next canary at a lower weight than the
 * promoted one had.
 */
export function oneStep(situation: Situation): Finding[] {
  const { record, desired, change } = situation;
  // Each release of a worker has its own number of pods, and all that are scaled up are ready before any other
  // is scaled down.
  if (record === undefined || desired.sharesPods === true) return [];
  const { stable, canary } = record;
  const from = splitOf(stable, canary?.key, canary?.weight);
  const to = splitOf(change.stableKey, change.canaryKey, desired.canary?.weight);
  const { excess } = orderOf(from, to);
  if (excess === 0) return [];
  return [
    {
      rule: "one-step",
      message: `stable ${from.stable} → ${to.stable} and canary ${from.canary} → ${to.canary} cannot change in one update: a release would temporarily exceed both its former and its requested share, by ${excess}%`,
      remedy: `change stable first, and start canary ${to.canary} in a separate update, or start it at 0%${emergency}`,
    },
  ];
}

import type { CanaryMove } from "../change";
import { droppedFreezes } from "../guard";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { Freeze } from "../types";
import { undoesPromotion } from "./one-canary";

/** During a freeze, nothing changes what runs or which release gets requests, except going back. */
export function frozen(situation: Situation): Finding[] {
  if (isCalm(situation)) return [];
  const { record, desired } = situation;
  const dropped = droppedFreezes(record, desired.freezes);
  const exchanges = (desired.exchanges ?? []).map((text) => `; ${text}`).join("");
  return activeFreezes(situation).map(({ scope, until, reason }) => ({
    rule: "frozen",
    message: `${scope} is frozen until ${until}: ${reason}${dropped.some((it) => it.scope === scope) ? " (this change removes the freeze, which needs a separate update)" : ""}${exchanges}`,
    remedy: `wait until then; a rollback to a kept release, removing the canary and lowering its weight stay allowed${emergency}`,
  }));
}

/** A freeze with an unreadable end must not count as no freeze. */
export function malformedFreeze({ desired: { freezes } }: Situation): Finding[] {
  return freezes
    .filter(({ until }) => Number.isNaN(Date.parse(until)))
    .map(({ scope, until }) => ({
      rule: "malformed-freeze",
      message: `the freeze of ${scope} lasts until "${until}", which is not a time`,
      remedy: "use a UTC time such as 2026-12-24T00:00:00Z, or remove the freeze",
    }));
}

/** Returns the freezes in force, including those that this change removes. */
export function activeFreezes({
  desired,
  record,
  now,
}: Pick<Situation, "record" | "now"> & { desired: { freezes: readonly Freeze[] } }): Freeze[] {
  return [...desired.freezes, ...droppedFreezes(record, desired.freezes)].filter(
    ({ until }) => Date.parse(until) > now,
  );
}

/** Whether the update changes nothing, or only returns requests to a release that had them. */
function isCalm(situation: Situation): boolean {
  const { template, change, move, desired } = situation;
  // Requests of an address go to another app at once, whatever the releases of the two apps do.
  if ((desired.exchanges ?? []).length > 0) return false;
  if (move !== undefined || template.kind === "in-place") return false;
  switch (change.stable.kind) {
    case "first":
    case "promote":
    case "jump":
      return false;
    case "rollback":
      return undoesPromotion(situation) || !growsCanary(change.canary);
    case "adopt":
    case "stay":
      return !growsCanary(change.canary) && !endsKeptRelease(situation);
  }
}

function growsCanary(move: CanaryMove): boolean {
  if (move.kind === "weigh") return move.weight > move.from;
  return move.kind === "start" || move.kind === "supersede";
}

// A lower `retain` would end a release that the app could go back to.
function endsKeptRelease({ change: { canary }, retired }: Situation): boolean {
  return retired.some((key) => canary.kind !== "abort" || key !== canary.former);
}

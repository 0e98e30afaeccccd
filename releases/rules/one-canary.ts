import type { Finding } from "../refusal";
import type { Situation } from "../situation";

/** Refuses a second canary, unless the policy lets it supersede the first. */
export function oneCanary(situation: Situation): Finding[] {
  const { change, policy } = situation;
  const { canary } = change;
  if (canary.kind !== "supersede" || policy.secondRelease === "supersede") return [];
  if (undoesPromotion(situation)) return [];
  return [
    {
      rule: "one-canary",
      message: `${canary.key} is requested as the canary, but ${canary.former} is already the canary`,
      remedy: `promote ${canary.former} or remove it first`,
    },
  ];
}

/** Whether stable goes back and the release that was stable becomes the canary again, as before. */
export function undoesPromotion({ change: { stable, canary } }: Situation): boolean {
  if (stable.kind !== "rollback") return false;
  return (canary.kind === "start" || canary.kind === "supersede") && canary.key === stable.from;
}

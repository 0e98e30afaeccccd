import type { Finding } from "../refusal";
import type { Situation } from "../situation";
import { isReleaseId } from "../version";
import { isWeight } from "../weight";

/** A version must be valid in an image's tag, and a revision is at least 1. */
export function versions({ desired: { stable, canary } }: Situation): Finding[] {
  const named = canary === undefined ? [stable] : [stable, canary];
  return named
    .filter((release) => !isReleaseId(release))
    .map(({ version, revision = 1 }) => ({
      rule: "version",
      message: `version "${version}" with revision ${revision} does not name a release`,
      remedy:
        "use a version of at most 100 letters, digits, dots, dashes and underscores that begins with a letter or digit, and a whole revision of at least 1",
    }));
}

/** A weight is a share in whole percent. */
export function weight({ desired: { canary } }: Situation): Finding[] {
  if (canary === undefined || isWeight(canary.weight)) return [];
  return [
    {
      rule: "weight",
      message: `a weight of ${canary.weight} is requested`,
      remedy: "use a whole number from 0 to 100",
    },
  ];
}

/** A release cannot be the canary of itself. */
export function canaryIsStable({ change: { stableKey, canaryKey } }: Situation): Finding[] {
  if (stableKey !== canaryKey) return [];
  return [
    {
      rule: "canary-is-stable",
      message: `${stableKey} is requested as stable and as the canary`,
      remedy:
        "name another release as the canary; or remove the canary, which finishes a promotion",
    },
  ];
}

/** An override needs a reason and a name that are not empty. */
export function completeOverride({ desired: { override } }: Situation): Finding[] {
  if (override === undefined) return [];
  const missing = (["reason", "by"] as const).filter((field) => override[field].trim() === "");
  if (missing.length === 0) return [];
  return [
    {
      rule: "incomplete-override",
      message: `the override has no ${missing.join(" and no ")}`,
      remedy: "write why rules are overridden and who decided it; both are recorded",
    },
  ];
}

import { proofOf, triedOf } from "../proof";
import { liveRelease } from "../record";
import { emergency, type Finding } from "../refusal";
import type { Situation } from "../situation";
import type { DesiredRelease } from "../types";
import { keyOf } from "../version";

/** A version that is new here must have been stable, or have passed its check, in another stack. */
export function requiredStack(situation: Situation): Finding[] {
  const { policy, desired } = situation;
  const stack = policy.requires;
  if (stack === undefined) return [];
  const proof = desired.proofs?.find((it) => it.stack === stack) ?? { stack, releases: [] };
  return newReleases(situation).flatMap((release) => {
    const key = keyOf(release);
    if (proofOf(proof, release) !== undefined) return [];
    const tried = triedOf(proof, release).map(({ digest }) => digest);
    if (tried.length === 0) {
      const reason =
        proof.unreadable === undefined
          ? "has no record of it as stable, nor of a check that it passed"
          : `cannot be read: ${proof.unreadable}`;
      return [
        finding(
          `${key} is new in this stack, and ${stack}, which platform:releases.requires names, ${reason}`,
          `release ${release.version} in ${stack} first`,
        ),
      ];
    }
    const { digest } = release;
    const images = tried.join(" and ");
    if (digest === undefined) {
      return [
        finding(
          `${key} names no digest, and ${stack} tried ${images}`,
          `write the digest next to the version, for example digest: ${tried[0]}`,
        ),
      ];
    }
    return [
      finding(
        `${key} has the image ${digest}, and ${stack} tried ${images}`,
        `release the image that was tried, or try this one in ${stack} first`,
      ),
    ];
  });
}

/** Returns the releases that the update would run for the first time. */
export function newReleases({ record, desired, change }: Situation): DesiredRelease[] {
  const { stable, canary } = desired;
  return [...(change.stable.kind === "adopt" ? [] : [stable]), ...(canary ? [canary] : [])].filter(
    (release) => record === undefined || liveRelease(record, keyOf(release)) === undefined,
  );
}

function finding(message: string, remedy: string): Finding {
  return { rule: "required-stack", message, remedy: remedy + emergency };
}

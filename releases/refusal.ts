import { liveRelease } from "./record";
import type { Situation } from "./situation";
import { keyOf, type ReleaseKey } from "./version";

/** The names of the release rules in messages, tests and documentation. */
export type Rule =
  | "version"
  | "weight"
  | "canary-is-stable"
  | "names-clash"
  | "canary-before-stable"
  | "release-not-kept"
  | "required-stack"
  | "one-canary"
  | "one-step"
  | "move-alone"
  | "move-unfinished"
  | "release-is-immutable"
  | "one-protocol"
  | "one-kind"
  | "port-in-use"
  | "wave-order"
  | "frozen"
  | "stable-missing"
  | "malformed-freeze"
  | "no-rollback-below"
  | "malformed-floor"
  | "contract-while-serving"
  | "incomplete-override"
  | "override-used";

/** A rule that the config breaks, and what to do about it. Neither text ends with a full stop. */
export interface Finding {
  rule: Rule;
  message: string;
  remedy: string;
}

/** One reason why an update is not allowed. */
export interface RefusedRule extends Finding {
  app: string;
  /** Roles that the config requests. */
  asked: string;
  /** Current roles. */
  live: string;
}

/** An update that is not allowed, with every broken rule. */
export interface Refusal {
  kind: "refusal";
  refusals: RefusedRule[];
}

/** Rules that can be overridden with a written reason, in an emergency. */
export const overridable: readonly Rule[] = [
  "canary-before-stable",
  "release-not-kept",
  "frozen",
  "no-rollback-below",
  "contract-while-serving",
  "required-stack",
  "one-step",
];

/** End of the remedy of a rule that can be overridden. */
export const emergency = "; in an emergency add override: { reason, by }";

/** Returns a refusal for these findings. */
export function refuse(situation: Situation, findings: readonly Finding[]): Refusal {
  const app = situation.desired.name;
  const asked = askedRoles(situation);
  const live = liveRoles(situation);
  return {
    kind: "refusal",
    refusals: findings.map((finding) => ({ ...finding, app, asked, live })),
  };
}

/** Returns the releases that can become stable immediately, for a message. */
export function keptText({ record }: Situation): string {
  const kept = Object.keys(record?.releases ?? {})
    .filter((key) => record !== undefined && key !== record.stable)
    .filter((key) => record && liveRelease(record, key)?.stableSince !== undefined)
    .sort();
  return kept.length === 0
    ? "no former release is kept"
    : `kept for a rollback: ${kept.join(", ")}`;
}

function askedRoles({ desired: { stable, canary } }: Situation): string {
  return rolesText(keyOf(stable), canary && { key: keyOf(canary), weight: canary.weight }, []);
}

function liveRoles({ before }: Situation): string {
  switch (before.kind) {
    case "nothing":
      return "nothing";
    case "lost":
      return `stable ${before.liveStable} in the cluster, nothing recorded`;
    case "recorded":
      return rolesText(before.record.stable, before.record.canary, before.record.retained);
  }
}

/** Returns which release has which role, in a few words. */
export function rolesText(
  stable: ReleaseKey,
  canary: { key: ReleaseKey; weight: number } | undefined,
  retained: readonly ReleaseKey[],
): string {
  const share = canary === undefined ? "" : `, canary ${canary.key} at ${canary.weight}%`;
  const kept = retained.length === 0 ? "" : `, kept ${retained.join(", ")}`;
  return `stable ${stable}${share}${kept}`;
}

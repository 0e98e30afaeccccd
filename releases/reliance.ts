import { knownEvidence } from "./evidence";
import { liveRelease, type AppRecord } from "./record";
import type { Finding } from "./refusal";
import type { Situation } from "./situation";
import { canonical } from "./template";
import type { CheckEvidence, Override, ReleasePolicy } from "./types";
import type { ReleaseKey } from "./version";
import type { Weight } from "./weight";

/**
 * A step that relies on the passing check of a canary. Everybody who can edit the config can write such a check, so
 * the commands that have a network repeat it before the step.
 */
export interface Reliance {
  /**
   * What relies on the check: the promotion, the larger share, or the record. A record that says that a canary passed
   * is what the stacks that require this one believe.
   */
  step: "promotion" | "share" | "record";
  /** The check in the config or in the record. */
  evidence: CheckEvidence;
  /** The canary and the stable release of the last update: those that run until the step is made. */
  canary: ReleaseKey;
  stable: ReleaseKey;
  /** Share of the canary until then, percent. */
  weight: Weight;
  /** Namespace of the objects that run until then. */
  namespace?: string;
  /** The policy in force. */
  policy: ReleasePolicy;
  /** The override that covers a check that fails when it is repeated. */
  override?: Override;
}

/**
 * Returns what relies on a passing check in an update that the rules allow; undefined if nothing does.
 * @param overridden rules that the update overrides.
 * @param next what the update records.
 */
export function relianceOf(
  situation: Situation,
  overridden: readonly Finding[],
  next: AppRecord,
): Reliance | undefined {
  const { record, desired, policy } = situation;
  if (record?.canary === undefined) return undefined;
  const { key, weight } = record.canary;
  const isPromoted = situation.change.stableKey === key;
  const evidence = isPromoted ? knownEvidence(situation, key) : liveRelease(next, key)?.check;
  if (evidence?.verdict !== "pass") return undefined;
  const step = relyingStep(situation, evidence);
  if (step === undefined) return undefined;
  const namespace = record.namespace ?? desired.namespace;
  const isOverridden = overridden.some(({ rule }) => rule === "canary-before-stable");
  const override = isOverridden ? desired.override : undefined;
  return {
    step,
    evidence,
    canary: key,
    stable: record.stable,
    weight,
    namespace,
    policy,
    override,
  };
}

function relyingStep(
  { record, change, policy }: Situation,
  evidence: CheckEvidence,
): Reliance["step"] | undefined {
  const key = evidence.release;
  const { stable, canary, stableKey, canaryKey } = change;
  if (key === stableKey && stable.kind === "promote") {
    return policy.forcedCanary && policy.checkRequired ? "promotion" : undefined;
  }
  if (key !== canaryKey) return undefined;
  if (canary.kind === "weigh" && canary.weight > canary.from && policy.checkRequired) {
    return "share";
  }
  const known = record && liveRelease(record, key)?.check;
  return canonical(known) === canonical(evidence) ? undefined : "record";
}

import { givenEvidence, knownEvidence, uncounted } from "./evidence";
import { weakening, weakerKeys } from "./guard";
import { describedRelease, liveRelease, recordedTemplate } from "./record";
import { isUsed } from "./rules";
import { activeFreezes } from "./rules/freeze";
import { pathsText } from "./texts";
import type { Situation } from "./situation";
import { differences, templateHash } from "./template";

/** Something that a reviewer should know, but that stops nothing. */
export interface Notice {
  kind:
    | "override-unused"
    | "freeze-in-force"
    | "freeze-over"
    | "template-waits"
    | "check-not-passed"
    | "check-not-counted"
    | "policy-weaker"
    | "now-stands";
  text: string;
}

/** Returns what a reviewer should know about an allowed update. */
export function noticesOf(situation: Situation, overridden: boolean): Notice[] {
  return [
    ...unusedOverride(situation, overridden),
    ...freezes(situation),
    ...waitingTemplate(situation),
    ...uncheckedPromotion(situation),
    ...uncountedChecks(situation),
    ...weakerPolicy(situation),
    ...standingNow(situation),
  ];
}

function unusedOverride(situation: Situation, overridden: boolean): Notice[] {
  const { override } = situation.desired;
  if (override === undefined || overridden) return [];
  const state = isUsed(situation.former, override)
    ? "was used for its change"
    : "overrides nothing";
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

function weakerPolicy({ askedPolicy, former }: Situation): Notice[] {
  const state = {
    none: undefined,
    accepted: `is weaker than that of the last update, which still applies to this update; the new one takes effect with the next update. Reason: ${askedPolicy.weaker?.reason} (by ${askedPolicy.weaker?.by})`,
    "no-reason":
      "is weaker than that of the last update, which stays in force; write platform:releases.weaker: { reason, by } to change it",
    "reason-used":
      "is weaker than that of the last update, which stays in force: the reason in platform:releases.weaker was used for an earlier change",
  }[weakening(askedPolicy, former)];
  return state === undefined
    ? []
    : [
        {
          kind: "policy-weaker",
          text: `the policy of platform:releases (${weakerKeys(askedPolicy, former).join(", ")}) ${state}`,
        },
      ];
}

function standingNow({ desired, change }: Situation): Notice[] {
  const moves = change.stable.kind !== "stay" || !["none", "keep"].includes(change.canary.kind);
  if (desired.stable.now !== true || moves) return [];
  return [{ kind: "now-stands", text: "stable.now: true was used for its change; remove it" }];
}

function waitingTemplate(situation: Situation): Notice[] {
  const { template, record, desired, change } = situation;
  if (template.kind === "none" && record !== undefined && !madeFromConfig(situation)) {
    const from = recordedTemplate(record, describedRelease(record, record.stable).template);
    const paths = differences(from, desired.template);
    const text = `no live release uses ${pathsText(paths)} from the config; the next new release will`;
    return change.stable.kind === "stay" ? [{ kind: "template-waits", text }] : [];
  }
  if (template.kind !== "waits") return [];
  const text = `${pathsText(template.paths)} changed in the config and wait for the next new release; no live release uses them`;
  return [{ kind: "template-waits", text }];
}

/** Whether a release in the config was deployed with the config's template. */
function madeFromConfig({ record, desired, change }: Situation): boolean {
  const hash = templateHash(desired.template);
  return [change.stableKey, change.canaryKey].some(
    (key) => record && key !== undefined && liveRelease(record, key)?.template === hash,
  );
}

// If a check is required, this code is not reached: the promotion is refused.
function uncheckedPromotion(situation: Situation): Notice[] {
  const { change } = situation;
  if (change.stable.kind !== "promote") return [];
  const evidence = knownEvidence(situation, change.stableKey);
  if (evidence === undefined || evidence.verdict === "pass") return [];
  const text = `the last check of ${change.stableKey}, at ${evidence.at}, has the verdict ${evidence.verdict}; it is promoted anyway`;
  return [{ kind: "check-not-passed", text }];
}

/** A check of the canary in the config that cannot be what it says, so that no record keeps it. */
function uncountedChecks(situation: Situation): Notice[] {
  const { change, desired, record } = situation;
  const key = change.canaryKey;
  if (key === undefined) return [];
  const recorded = record && liveRelease(record, key)?.check;
  return givenEvidence(situation, key).flatMap((given): Notice[] => {
    const reason = uncounted(situation, given);
    if (reason === undefined || given.at === recorded?.at) return [];
    const remedy = `check it again: npx platform release check ${desired.name} --stack <stack>`;
    return [
      {
        kind: "check-not-counted",
        text: `the check of ${key} ${reason}; it does not count; ${remedy}`,
      },
    ];
  });
}

import { listed } from "../../config/errors";
import { roleText } from "../texts";
import { emergency, keptText, type Finding } from "../refusal";
import type { Situation } from "../situation";
import { isTakenRelease } from "../takeover";
import { differences } from "../template";
import type { DesiredApp, TakenRelease } from "../types";
import type { ReleaseKey } from "../version";
import { promotion } from "./promotion";

/**
 * A release becomes stable only after it was the canary, with its soak time and a passing check. Going back to
 * a release that was stable and still runs requires neither.
 */
export function canaryBeforeStable(situation: Situation): Finding[] {
  const { before, change, policy } = situation;
  const { stable, stableKey } = change;
  if (!policy.forcedCanary) return [];
  if (stable.kind === "promote") return promotion(situation);
  if (stable.kind === "first" || stable.kind === "adopt") return takeovers(situation);
  if (stable.kind !== "jump") return [];
  if (before.kind === "lost") return [unknown(stableKey, before.liveStable)];
  const left = lastStableAt(situation, stableKey);
  return [left === undefined ? notCanary(situation, stable.from) : notKept(situation, left)];
}

/** An app under a new name, or a new app on an existing host, is a new release to those who send requests there. */
function takeovers({ desired, change: { stableKey } }: Situation): Finding[] {
  return (desired.takesOver ?? [])
    .filter((taken) => !isTakenRelease(taken, desired))
    .map((taken): Finding => {
      const { app, stable } = taken;
      const ownHost = `release ${desired.name} on a host of its own first, and move the addresses in a later update${emergency}`;
      const begin = `begin with stable ${stable} and the settings of ${app}, and make the change a canary afterwards`;
      const record = `update the stack without this change first, which records what ${app} runs`;
      return {
        rule: "canary-before-stable",
        message: `${stableKey} would get requests of ${app}, whose stable release is ${stable}, without having been canary${differenceText(taken, desired)}`,
        remedy: `${taken.template === undefined ? record : begin}; or ${ownHost}`,
      };
    });
}

/** Returns how a release of the same version differs, as the end of a sentence. */
function differenceText({ template, digest }: TakenRelease, desired: DesiredApp): string {
  if (template === undefined) return "; nothing is recorded about it";
  const changed = differences(template, desired.template);
  const settings = changed.length === 0 ? "" : `, with other settings (${listed(changed)})`;
  const own = desired.stable.digest;
  if (own === digest) return settings;
  return `${settings}, with another image (${own ?? "without a digest"}, and ${digest ?? "without a digest"} runs)`;
}

function notCanary(situation: Situation, live: ReleaseKey): Finding {
  const { record, change, desired } = situation;
  const trial = record?.canary === undefined ? "" : ` and ${record.canary.key} is the canary`;
  return {
    rule: "canary-before-stable",
    message: `${change.stableKey} is requested as stable, but ${live} is stable${trial}; no record shows ${change.stableKey} as a canary; ${keptText(situation)}`,
    remedy: `set canary to ${roleText(desired.stable, "…")} first, and promote it after its soak time${emergency}`,
  };
}

function notKept(situation: Situation, left: string): Finding {
  const { stableKey } = situation.change;
  return {
    rule: "release-not-kept",
    message: `${stableKey} is requested as stable; it was until ${left}, but it no longer runs: ${keptText(situation)}`,
    remedy: `roll back to a kept release, or make ${stableKey} the canary again and promote it after its soak time${emergency}`,
  };
}

function unknown(key: ReleaseKey, live: ReleaseKey): Finding {
  return {
    rule: "canary-before-stable",
    message: `${key} is requested as stable, but the record of this app is lost and the cluster runs ${live} as stable`,
    remedy: `set stable to ${live}, which is then recorded again, and canary to ${key}${emergency}`,
  };
}

/** Returns when a release last ceased to be stable, as far as the history goes back. */
function lastStableAt({ record }: Situation, key: ReleaseKey): string | undefined {
  return record?.history.find(({ from, to }) => from === key && to !== key)?.at;
}

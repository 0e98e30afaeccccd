import { checkRules, strictestCheck } from "./check-rules";
import { canonical, differences, type Json } from "./template";
import type { Freeze, Guard, RecordedGuard, ReleasePolicy } from "./types";

/** The part of an app's record that determines the policy. */
interface Guarded {
  guard?: RecordedGuard;
}

function guardOf(policy: Guard): Guard {
  const { forcedCanary, soak, checkRequired, checkValid, minimumSamples, check, requires } = policy;
  const rules = check && checkRules(check);
  return { forcedCanary, soak, checkRequired, checkValid, minimumSamples, check: rules, requires };
}

/** Returns the stricter of two policies, field by field. Of two required stacks, the last update's applies. */
function strictest(asked: Guard, last: Guard): Guard {
  const valid = [asked.checkValid, last.checkValid].filter((it) => it !== undefined);
  const samples = [asked.minimumSamples, last.minimumSamples].filter((it) => it !== undefined);
  return {
    forcedCanary: asked.forcedCanary || last.forcedCanary,
    soak: Math.max(asked.soak, last.soak),
    checkRequired: asked.checkRequired || last.checkRequired,
    checkValid: valid.length === 0 ? undefined : Math.min(...valid),
    minimumSamples: samples.length === 0 ? undefined : Math.max(...samples),
    check:
      asked.check && last.check
        ? strictestCheck(asked.check, last.check)
        : (last.check ?? asked.check),
    requires: last.requires ?? asked.requires,
  };
}

/**
 * Returns the strictest of the policies of several apps, without their freezes; undefined if there is none. One reason
 * for a weaker policy is kept: all apps of a stack have the same.
 */
export function strictestGuard(guards: readonly RecordedGuard[]): RecordedGuard | undefined {
  const [first, ...others] = guards;
  if (first === undefined) return undefined;
  const all = others.reduce<Guard>(strictest, guardOf(first));
  return { ...all, weaker: guards.find(({ weaker }) => weaker)?.weaker, freezes: [] };
}

function sameGuard(a: Guard, b: Guard): boolean {
  return canonical(guardOf(a)) === canonical(guardOf(b));
}

/**
 * Returns the keys of `platform:releases` that are weaker than those of the last update, or that differ and are
 * neither stricter nor weaker.
 */
export function weakerKeys(policy: ReleasePolicy, record: Guarded | undefined): string[] {
  const plain = (guard: Guard) => JSON.parse(canonical(guardOf(guard))) as Json;
  const names: Record<string, string> = {
    checkValid: "check.validFor",
    minimumSamples: "check.minimumRequests",
    "check.prometheus": "prometheus",
  };
  const paths = differences(plain(effectivePolicy(policy, record)), plain(policy));
  return [...new Set(paths.map((path) => path.replace(/\[\d+\]$/, "")))].map(
    (path) => names[path] ?? path,
  );
}

/**
 * Returns the policy that an update is judged by: that of the config, or that of the last update where it is
 * stricter.
 */
export function effectivePolicy(policy: ReleasePolicy, record: Guarded | undefined): ReleasePolicy {
  const last = record?.guard;
  return last === undefined ? policy : { ...policy, ...strictest(policy, last) };
}

/**
 * Returns whether the config's policy is weaker than that of the last update, and whether it will be in force
 * afterwards.
 */
export function weakening(
  policy: ReleasePolicy,
  record: Guarded | undefined,
): "none" | "accepted" | "no-reason" | "reason-used" {
  const last = record?.guard;
  if (last === undefined || sameGuard(strictest(policy, last), policy)) return "none";
  const { weaker } = policy;
  if (weaker === undefined) return "no-reason";
  const used = last.weaker?.by === weaker.by && last.weaker.reason === weaker.reason;
  return used ? "reason-used" : "accepted";
}

/** Returns what an update records of the policy. A weaker policy needs its own reason. */
export function nextGuard(
  policy: ReleasePolicy,
  record: Guarded | undefined,
  freezes: readonly Freeze[],
): RecordedGuard {
  const change = weakening(policy, record);
  const guard =
    change === "none" || change === "accepted"
      ? guardOf(policy)
      : guardOf(effectivePolicy(policy, record));
  const weaker = change === "accepted" ? policy.weaker : record?.guard?.weaker;
  return {
    ...guard,
    weaker: weaker && { by: weaker.by, reason: weaker.reason },
    freezes: freezes.map(({ scope, until, reason }) => ({ scope, until, reason })),
  };
}

/**
 * Returns the freezes that were in the last update's config and are no longer in this one. They count for this
 * change.
 */
export function droppedFreezes(record: Guarded | undefined, freezes: readonly Freeze[]): Freeze[] {
  return (record?.guard?.freezes ?? []).filter(
    (past) => !freezes.some(({ scope, until }) => scope === past.scope && until >= past.until),
  );
}

import assert from "node:assert/strict";
import { keyOf, type Refusal } from "../../../../releases";
import { effectivePolicy } from "../../../../releases/guard";
import { at } from "../story";
import { isProven } from "./permissions";
import type { World } from "./world";

/** A refusal has a reason, and never blocks what is proven. */
export function refusesForAReason(world: World, { refusals }: Refusal): void {
  const rules = refusals.map(({ rule }) => rule);
  assert.ok(rules.length > 0, "a refusal has a reason");
  for (const { message, remedy, live, asked } of refusals) {
    assert.ok([message, remedy, live, asked].every((text) => text !== ""));
    assert.doesNotMatch(message + remedy + live, /undefined|NaN(?!%| is)/);
  }
  if (rules.includes("canary-before-stable") || rules.includes("release-not-kept")) {
    assert.ok(!surelyEarned(world), "an earned promotion or a rollback is not held up");
  }
  if (isPlainRollback(world)) {
    const grounds = [
      "malformed-floor",
      "no-rollback-below",
      "incomplete-override",
      "override-used",
    ];
    const others = rules.filter((rule) => !grounds.includes(rule));
    assert.deepEqual(others, [], "a rollback is always allowed");
  }
}

function surelyEarned(world: World): boolean {
  const { truth, config, now } = world;
  // A weakened policy does not apply to the change that weakened it.
  const policy = effectivePolicy(world.policy, world.record);
  const key = keyOf(config.stable);
  if (isProven(world)) return true;
  if (truth.canary?.key !== key || world.record === undefined) return false;
  const end = truth.canary.since + policy.soak;
  const from = Math.max(end, truth.canary.raised);
  const own = config.stable.check;
  const ofKey = truth.checks.filter(({ release }) => release === key);
  const newest = own !== undefined && ofKey.every((it) => it.at <= own.at);
  const passes = newest && own.verdict === "pass" && own.release === key && own.at <= at(now);
  return now >= end && (!policy.checkRequired || (passes && own.at >= at(from)));
}

/** Whether the config only rolls back; if no canary is forced, an edit would change pods. */
function isPlainRollback(world: World): boolean {
  const { config, record } = world;
  const policy = effectivePolicy(world.policy, record);
  const key = keyOf(config.stable);
  // The key 1.3.0-r2 can also be a version with that name, which is another release.
  const isIt = record?.releases[key]?.version === config.stable.version;
  const moves = isIt && record.stable !== key;
  return moves && policy.forcedCanary && config.canary === undefined && isProven(world);
}

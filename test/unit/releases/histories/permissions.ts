import assert from "node:assert/strict";
import semver from "semver";
import { clockSkew, keyOf, type Plan, type ReleaseKey } from "../../../../releases";
import { orderOf, splitOf } from "../../../../releases/shares";
import { at } from "../story";
import type { World } from "./world";

/** Only a proven release becomes stable, unless there is an override with a reason. */
export function stableIsProven(world: World, made: Plan): void {
  const { policy, record, truth, config, now } = world;
  const key = keyOf(config.stable);
  if (!policy.forcedCanary || overridden(made) || isProven(world)) return;
  if (record === undefined) {
    assert.ok(
      world.liveStable === undefined || world.liveStable === key,
      "only what runs is adopted",
    );
    return;
  }
  assert.equal(truth.canary?.key, key, `${key} is no canary`);
  const end = (truth.canary?.since ?? Infinity) + policy.soak;
  assert.ok(now >= end, `${key} has not soaked`);
  if (!policy.checkRequired) return;
  const passes = truth.checks.filter(
    ({ verdict, release }) => verdict === "pass" && release === key,
  );
  const from = Math.max(end, truth.canary?.raised ?? Infinity);
  const counts = passes.filter((it) => it.at >= at(from) && it.at <= at(now + clockSkew));
  assert.ok(counts.length > 0, `${key} has no passing check`);
}

/** A second release ends a canary only if the policy allows it. */
export function oneCanaryAtATime({ record, policy }: World, made: Plan): void {
  assert.ok(made.canary !== made.stable);
  const former = record?.canary?.key;
  if (policy.secondRelease !== "refuse" || former === undefined || made.canary === undefined)
    return;
  if (made.canary === former || made.stable === former) return;
  assert.equal(made.canary, record?.stable, "only undoing a promotion ends a canary for another");
}

/** Some order of the update's changes gives no release more than both its former and its new share. */
export function sharesStayWithin({ record }: World, made: Plan): void {
  if (record === undefined || overridden(made)) return;
  const had = splitOf(record.stable, record.canary?.key, record.canary?.weight);
  const asked = splitOf(made.stable, made.canary, made.weights.canary);
  assert.equal(orderOf(had, asked).excess, 0, "no release gets more than it had and than is asked");
}

/** During a freeze, only former stable releases gain requests. */
export function freezeHolds(world: World, made: Plan): void {
  const { config, now, record, truth } = world;
  if (overridden(made) || !config.freezes.some(({ until }) => until > at(now))) return;
  const kinds = made.steps.map(({ kind }) => kind);
  for (const kind of ["deploy", "update-in-place", "promote", "jump"] as const) {
    assert.ok(!kinds.includes(kind), `no ${kind} during a freeze`);
  }
  if (record === undefined) return;
  const shares = new Map<ReleaseKey, number>([[record.stable, 100 - (record.canary?.weight ?? 0)]]);
  if (record.canary !== undefined) shares.set(record.canary.key, record.canary.weight);
  for (const { key, weight } of made.releases) {
    if (weight > (shares.get(key) ?? 0)) assert.ok(truth.proven.has(key), `${key} gains requests`);
  }
}

/** No version below a floor gets a role. */
export function floorHolds({ config, record }: World, made: Plan): void {
  if (overridden(made)) return;
  const starts = made.steps.some(({ kind }) => kind === "start-canary" || kind === "supersede");
  const moves = record !== undefined && record.stable !== made.stable;
  const takers = [
    ...(moves ? [config.stable] : []),
    ...(starts && config.canary ? [config.canary] : []),
  ];
  for (const floor of [config.noRollbackBelow, record?.noRollbackBelow]) {
    for (const { version } of floor === undefined ? [] : takers) {
      assert.ok(/^\d+\.\d+\.\d+/.test(version), "a version without a number is not compared");
      assert.ok(semver.gte(semver.coerce(version) ?? "0.0.0", `${floor}`), `${version} is below`);
    }
  }
}

/** An override needs a new reason, which is recorded. */
export function overridesServeOnce({ config, truth }: World, made: Plan): void {
  if (!overridden(made)) return;
  const { override } = config;
  assert.ok(override !== undefined && override.reason !== "" && override.by !== "");
  assert.notEqual(JSON.stringify(override), truth.servedOverride, "an override serves once");
  const { by, reason } = made.next.history[0] ?? {};
  assert.deepEqual({ by, reason }, { by: override.by, reason: override.reason });
}

/** Whether the config asks for a former stable release that still runs. */
export function isProven({ truth, config, record }: World): boolean {
  return record !== undefined && truth.proven.has(keyOf(config.stable));
}

function overridden(made: Plan): boolean {
  return made.steps.some(({ kind }) => kind === "override");
}

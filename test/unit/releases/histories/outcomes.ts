import assert from "node:assert/strict";
import { keyOf, plan, type Plan } from "../../../../releases";
import { at, hour } from "../story";
import type { World } from "./world";

/** Both Services select a running release, and their weights add up to 100. */
export function backendsAreNeverEmpty({ config }: World, made: Plan): void {
  const names = made.releases.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, "each release has a name of its own");
  const held = (role: string) => made.releases.filter((release) => release.role === role);
  const [stable, canary] = [held("stable"), held("canary")];
  assert.deepEqual(
    stable.map(({ key }) => key),
    [keyOf(config.stable)],
  );
  assert.deepEqual(
    canary.map(({ key }) => key),
    config.canary ? [keyOf(config.canary)] : [],
  );
  assert.equal(made.services.stable, stable[0]?.name);
  assert.equal(made.services.canary, (canary[0] ?? stable[0])?.name);
  assert.equal(made.weights.stable + made.weights.canary, 100);
  assert.equal(made.weights.canary, config.canary?.weight ?? 0);
  assert.deepEqual(
    made.releases.map(({ role, weight }) => [role, weight]),
    [
      ["stable", made.weights.stable],
      ...canary.map(() => ["canary", made.weights.canary]),
      ...held("retained").map(() => ["retained", 0]),
    ],
  );
  assert.ok(made.retired.every((key) => made.releases.every((release) => release.key !== key)));
}

/** A live release keeps the template of its first deployment. */
export function templatesAreFrozen({ truth, config, policy, record }: World, made: Plan): void {
  for (const { key, template } of made.releases) {
    const changed = made.steps.some(
      (step) => step.kind === "update-in-place" && step.release === key,
    );
    assert.ok(!changed || !policy.forcedCanary, "no update in place where canaries are forced");
    const known = record === undefined || changed ? undefined : truth.templates.get(key);
    const expected = known ?? JSON.stringify(config.template);
    assert.deepEqual(template, JSON.parse(expected), `${key} keeps its template`);
  }
}

/** Exactly the latest former stable releases are kept. */
export function retainedAreFormerStables({ truth, record, policy }: World, made: Plan): void {
  const kept = made.next.retained;
  const { retain = 1 } = policy;
  assert.ok(kept.length <= retain, "no more releases rest than the policy says");
  assert.ok(
    kept.every((key) => truth.proven.has(key)),
    "only former stable releases rest",
  );
  if (record === undefined) return;
  const roles = [made.stable, made.canary];
  const due = [record.stable, ...record.retained].filter((key) => !roles.includes(key));
  const expected = due.slice(0, retain);
  assert.deepEqual(kept.slice(0, expected.length), expected, "the latest are kept");
}

/** Once recorded, the same config changes nothing at all, now or later. */
export function settles({ config, now, policy, truth }: World, made: Plan): void {
  assert.ok(made.next.history.length <= 10);
  // A check in the future is recorded once its time has come.
  const later = truth.checks.some((it) => it.at > at(now)) ? now : now + hour;
  for (const moment of [now, later]) {
    const again = plan(made.next, config, at(moment), policy);
    if (again.kind === "refusal")
      assert.fail(`refused once recorded: ${again.refusals[0]?.message}`);
    assert.deepEqual(
      again.steps.map(({ kind }) => kind),
      ["nothing"],
    );
    assert.equal(JSON.stringify(again.next), JSON.stringify(made.next));
    assert.deepEqual(again.releases, made.releases);
  }
}

/** A plan's inverse edit of the config is legal and restores the shares. */
export function inverseUndoes({ config, record, now, policy, truth }: World, made: Plan): void {
  const { inverse } = made;
  if (inverse.kind === "none" || inverse.redeploys.length > 0 || record === undefined) return;
  const { stable, canary } = inverse;
  const free = {
    ...{ freezes: [], noRollbackBelow: undefined, override: undefined },
    migration: undefined,
  };
  // Floor, freezes and policy of this update also apply to the next one.
  const next = { ...made.next, noRollbackBelow: undefined, migrated: undefined, guard: undefined };
  const undone = plan(next, { ...config, ...free, stable, canary }, at(now), policy);
  if (undone.kind === "refusal") assert.fail(`no way back: ${undone.refusals[0]?.message}`);
  assert.equal(undone.stable, record.stable);
  // Some ways back take two updates: the former canary returns without a share first.
  const { canary: former } = record;
  const twoUpdates = former !== undefined && canary?.weight === 0;
  assert.deepEqual(undone.next.canary, twoUpdates ? { ...former, weight: 0 } : former);
  assert.ok(!undone.steps.some(({ kind }) => kind === "deploy"), "going back deploys nothing");
  // Releases of the update may be kept; nothing else differs from before.
  const brought = made.steps.flatMap((step) => (step.kind === "deploy" ? [step.release] : []));
  const back = undone.releases.filter(({ key }) => !brought.includes(key));
  const wanted = Object.keys(record.releases).filter((key) => !made.retired.includes(key));
  const missing = wanted.filter((key) => !back.some((release) => release.key === key));
  assert.equal(back.length, wanted.length - missing.length, "nothing else runs");
  assert.ok(
    missing.every((key) => record.retained.includes(key)),
    "no role is lost",
  );
  // A release that was stable briefly is kept as the latest, and may replace the last kept one.
  const roomTaken = brought.length + Math.max(0, record.retained.length - (policy.retain ?? 1));
  assert.ok(missing.length <= roomTaken, "the same releases run");
  if (made.steps.some(({ kind }) => kind === "update-in-place")) return;
  for (const { key, template } of back) {
    const former: unknown = JSON.parse(truth.templates.get(key) ?? "null");
    assert.deepEqual(template, former, `${key} as it was`);
  }
}

import assert from "node:assert/strict";
import type { Plan, Refusal } from "../../../../releases";
import { decide, type Decision, type World } from "./world";
import {
  backendsAreNeverEmpty,
  inverseUndoes,
  retainedAreFormerStables,
  settles,
  templatesAreFrozen,
} from "./outcomes";
import { contractsAreServed, migratesOnce } from "./migrations";
import {
  floorHolds,
  freezeHolds,
  oneCanaryAtATime,
  sharesStayWithin,
  overridesServeOnce,
  stableIsProven,
} from "./permissions";
import { refusesForAReason } from "./refusals";

/** Checks what must be true of every decision, legal or not. */
export function checkDecision({ before, answer }: Decision): void {
  deterministic(before, answer);
  if (answer.kind === "refusal") {
    refusesForAReason(before, answer);
    return;
  }
  backendsAreNeverEmpty(before, answer);
  stableIsProven(before, answer);
  templatesAreFrozen(before, answer);
  retainedAreFormerStables(before, answer);
  oneCanaryAtATime(before, answer);
  sharesStayWithin(before, answer);
  freezeHolds(before, answer);
  floorHolds(before, answer);
  migratesOnce(before, answer);
  contractsAreServed(before, answer);
  overridesServeOnce(before, answer);
  settles(before, answer);
  inverseUndoes(before, answer);
}

function deterministic(world: World, answer: Plan | Refusal): void {
  const state = JSON.stringify(world);
  assert.deepEqual(decide(world), answer, "the same question has the same answer");
  assert.equal(JSON.stringify(world), state, "planning changes none of its arguments");
  if (world.record === undefined) return;
  const reversed = { ...world, record: reversedKeys(world.record) };
  assert.deepEqual(decide(reversed), answer, "the order of keys in a record does not matter");
}

function reversedKeys<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).reverse())
      : part,
  ) as T;
}

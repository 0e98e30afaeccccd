import assert from "node:assert/strict";
import fc from "fast-check";
import { long } from "../../support/long";
import { after } from "./histories/edits";
import { checkDecision } from "./histories/invariants";
import { policies, turn, type Turn } from "./histories/turns";
import { applied, decide, newWorld, type World } from "./histories/world";

/** 100 cover everything; the nightly tests look for what these do not have. */
const histories = Number(process.env.HISTORIES ?? (long ? 2000 : 120));
const longest = 40;
/** Seed of histories that cover everything. */
const fixedSeed = 7;

/** Counts what the histories did, so that a generator that never reaches a case is noticed. */
const seen = new Map<string, number>();

/** Runs one command and the update after it; checks every decision. */
function play(world: World, { command, ending, takesBack }: Turn): World {
  const edited = after(world, command);
  if (ending === "no-update") return edited;
  const answer = decide(edited);
  checkDecision({ before: edited, answer });
  if (answer.kind === "refusal") {
    answer.refusals.forEach(({ rule }) => count(`refused ${rule}`));
    return takesBack ? { ...edited, config: world.accepted } : edited;
  }
  answer.steps.forEach(({ kind }) => count(kind));
  // After a crash the record is still that of the last successful update.
  return ending === "crash" ? edited : applied(edited, answer);
}

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

describe("random histories", () => {
  const property = fc.property(
    policies,
    fc.array(turn, { minLength: 5, maxLength: longest, size: "max" }),
    (policy, turns) => void turns.reduce(play, newWorld(policy)),
  );

  it("never break a rule of releases, and cover every kind of change", function () {
    this.timeout(1_500_000);
    // The same histories each time in a merge request, which must not fail for a fault that it did not make.
    fc.assert(property, { numRuns: histories, ...(long ? {} : { seed: fixedSeed }) });
    const everything = [
      ...[
        "first-deployment",
        "adopt",
        "deploy",
        "migrate",
        "promote",
        "rollback",
        "jump",
        "override",
      ],
      ...["start-canary", "weight", "supersede", "abort", "retire", "update-in-place", "nothing"],
      ...["weight", "canary-is-stable", "names-clash", "canary-before-stable", "release-not-kept"]
        .concat(["one-canary", "release-is-immutable", "frozen", "no-rollback-below"])
        .concat("contract-while-serving")
        .concat(["one-step", "malformed-floor", "incomplete-override", "override-used"])
        .map((rule) => `refused ${rule}`),
    ];
    assert.deepEqual(
      everything.filter((what) => !seen.has(what)),
      [],
      JSON.stringify(Object.fromEntries(seen)),
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { after } from "./histories/edits";
import { checkDecision } from "./histories/invariants";
import { policies, turn, type Turn } from "./histories/turns";
import { applied, decide, newWorld, type World } from "./histories/world";

const histories = 400;
const longest = 40;
/** Of histories that come by everything. */
const fixedSeed = 7;

/** Counts what the histories did, so that a generator that never gets anywhere is noticed. */
const seen = new Map<string, number>();

/** One command and the update after it; every decision on the way is checked. */
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
  // After a crash the record is still that of the last update that succeeded.
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

  it("never break a rule of releases", function () {
    this.timeout(300_000);
    fc.assert(property, { numRuns: histories });
  });

  it("did everything that there is to do", function () {
    this.timeout(300_000);
    // Always the same histories, so that this cannot fail by chance.
    seen.clear();
    fc.assert(property, { numRuns: histories, seed: fixedSeed });
    const everything = [
      ...["first-deployment", "adopt", "deploy", "promote", "rollback", "jump", "override"],
      ...["start-canary", "weight", "supersede", "abort", "retire", "update-in-place", "nothing"],
      ...["weight", "canary-is-stable", "names-clash", "canary-before-stable", "release-not-kept"]
        .concat(["one-canary", "release-is-immutable", "frozen", "no-rollback-below"])
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

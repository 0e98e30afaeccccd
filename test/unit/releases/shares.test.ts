import assert from "node:assert/strict";
import {
  excessOf,
  moved,
  orderOf,
  sharesOf,
  splitOf,
  usualOrder,
  type Split,
} from "../../../releases/shares";

const releases = ["A", "B", "C", "D"];
const weights = [0, 10, 30, 50, 90, 100];

const splits: Split[] = releases.flatMap((stable) =>
  releases.flatMap((canary) =>
    (canary === stable ? [0] : weights).map((weight) => ({ stable, canary, weight })),
  ),
);

/** Returns every split during an update, one change after the other. */
function passed(from: Split, to: Split): Split[] {
  let split = from;
  return orderOf(from, to)
    .order.flat()
    .map((move) => (split = moved(split, to, move)));
}

/** Returns the largest share of a release above all the allowed splits. */
function beyond(split: Split, ...allowed: Split[]): number {
  return Math.max(
    ...[...sharesOf(split)].map(
      ([release, share]) =>
        share - Math.max(...allowed.map((each) => sharesOf(each).get(release) ?? 0)),
    ),
  );
}

describe("the order in which requests move", () => {
  it("never gives a release more than the larger of its former and requested share, even after a kill", () => {
    let possible = 0;
    for (const from of splits) {
      for (const to of splits) {
        if (orderOf(from, to).excess > 0) continue;
        possible += 1;
        for (const killed of passed(from, to)) {
          assert.ok(beyond(killed, from, to) <= 0, JSON.stringify({ from, to, killed }));
          // The next update continues from there, with the same limit.
          assert.equal(orderOf(killed, to).excess, 0);
          for (const later of passed(killed, to)) assert.ok(beyond(later, from, to) <= 0);
        }
      }
    }
    assert.ok(possible > splits.length ** 2 * 0.8, `${possible} of ${splits.length ** 2}`);
  });

  it("always exists for one change at a time: start, weight, promotion, rollback and end of a canary", () => {
    for (const weight of weights) {
      for (const other of weights) {
        const canary = splitOf("A", "B", weight);
        for (const to of [
          splitOf("A", "B", other),
          splitOf("B", undefined),
          splitOf("A", undefined),
          splitOf("A", "C", other),
          splitOf("C", undefined),
        ]) {
          assert.equal(orderOf(canary, to).excess, 0, JSON.stringify({ canary, to }));
        }
        assert.equal(orderOf(splitOf("A", undefined), canary).excess, 0);
        assert.equal(orderOf(splitOf("B", undefined), canary).excess, 0);
      }
    }
  });

  it("lowers the weight before the canary's Service changes, and raises it afterwards", () => {
    const at = (canary: string, weight: number) => splitOf("A", canary, weight);
    assert.deepEqual(orderOf(at("B", 90), at("C", 5)).order, [["route"], ["stable", "canary"]]);
    assert.deepEqual(orderOf(at("B", 5), at("C", 90)).order, usualOrder);
    // Promotion with the next canary at 0%: stable gets all requests before the canary's Service changes.
    assert.deepEqual(orderOf(at("B", 50), splitOf("B", "C", 0)).order, [
      ["stable"],
      ["route"],
      ["canary"],
    ]);
    // What the usual order would do to that canary.
    assert.equal(excessOf(usualOrder, at("B", 90), at("C", 5)), 85);
  });

  it("says by how much the best order exceeds the shares if none keeps them", () => {
    const { excess } = orderOf(splitOf("A", "B", 10), splitOf("B", "C", 5));
    assert.equal(excess, 5);
  });
});

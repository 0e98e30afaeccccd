import assert from "node:assert/strict";
import { runsInYear } from "../../../../../cli/preview/dangers/cron";
import { isLess, measureOf } from "../../../../../cli/preview/dangers/measure";

describe("a cron expression", () => {
  for (const [expression, runs] of [
    ["* * * * *", 525_600],
    ["@daily", 365],
    ["0 1 * * *", 365],
    ["*/15 * * * *", 35_040],
    ["0 1 * * 1-5", 261],
    ["0 1 * * sun", 52],
    ["0 1 1 * 7", 63],
    ["0 1 1 jan,jul *", 2],
    ["0 30 1 * * ?", 365],
    ["61 * * * *", undefined],
    ["never", undefined],
  ] as const) {
    it(`${expression} runs ${runs ?? "an unknown number of"} times a year`, () => {
      assert.equal(runsInYear(expression), runs);
    });
  }
});

describe("a measure", () => {
  it("is read in all notations of programs", () => {
    assert.deepEqual(measureOf("1h30m"), { amount: 5400, kind: "duration" });
    assert.deepEqual(measureOf("864000s"), { amount: 864_000, kind: "duration" });
    assert.deepEqual(measureOf("2GiB"), { amount: 2 ** 31, kind: "size" });
    assert.deepEqual(measureOf("500MB"), { amount: 5e8, kind: "size" });
    assert.deepEqual(measureOf("7"), { amount: 7, kind: "number" });
    for (const text of ["never", "", "1 d", undefined]) assert.equal(measureOf(text), undefined);
  });

  it("is compared only with one of its kind", () => {
    assert.equal(isLess("1h", "1d"), true);
    assert.equal(isLess("1d", "24h"), false);
    assert.equal(isLess("1d", "1GB"), undefined);
  });
});

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
    const read = (text: string) => Object.values(measureOf(text) ?? {});
    assert.deepEqual(read("1h30m"), [5400, 5400, "duration"]);
    assert.deepEqual(read("864000s"), [864_000, 864_000, "duration"]);
    assert.deepEqual(read("2GiB"), [2 ** 31, 2 ** 31, "size"]);
    assert.deepEqual(read("500MB"), [5e8, 500 * 2 ** 20, "size"]);
    assert.deepEqual(read("7"), [7, 7, "number"]);
    for (const text of ["never", "", "1 d", undefined]) assert.equal(measureOf(text), undefined);
  });

  it("is compared only with one of its kind", () => {
    assert.equal(isLess("1h", "1d"), true);
    assert.equal(isLess("1d", "24h"), false);
    assert.equal(isLess("1d", "1GB"), undefined);
  });

  it("is less if it is so in one way to read it: a GB of Prometheus is a GiB", () => {
    assert.equal(isLess("78GiB", "80GB"), true);
    assert.equal(isLess("81GB", "75GiB"), false);
    assert.equal(isLess("1010MB", "1GB"), true);
    assert.equal(isLess("1GB", "1000MB"), false);
  });
});

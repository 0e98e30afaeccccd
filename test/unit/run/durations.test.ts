import assert from "node:assert/strict";
import { longestFirst, slowest } from "../../run/durations";

describe("the order of test files", () => {
  it("is the longest first, before them those that are new, larger ones first", () => {
    const size = (file: string) => file.length;
    const files = ["short", "new", "long", "newer"];
    assert.deepEqual(longestFirst(files, { short: 5, long: 900 }, size), [
      ...["newer", "new", "long", "short"],
    ]);
  });
});

describe("the table of the slowest files", () => {
  it("has their seconds and their share of all", () => {
    assert.deepEqual(slowest({ a: 1000, b: 7000, c: 2000 }, 2), [
      "Slowest of 3 files, 10 s in all:",
      "     7.0 s  70%  b",
      "     2.0 s  20%  c",
    ]);
  });
});

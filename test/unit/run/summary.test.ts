import assert from "node:assert/strict";
import { summaryOf } from "../../run/summary";

describe("the summary of several commands", () => {
  it("has the sum of their tests", () => {
    const results = [
      { name: "a", code: 0, output: "  an app\n    ✔ has 5 passing checks\n\n  12 passing (3s)\n" },
      { name: "b", code: 0, output: "\n  1 passing (2m)\n" },
    ];
    assert.deepEqual(summaryOf(results), ["  13 passing"]);
  });

  it("names those that failed, and those with skipped tests", () => {
    const results = [
      { name: "a", code: 2, output: "\n  3 passing (3s)\n  2 failing\n" },
      { name: "b", code: 0, output: "\n  4 passing (2m)\n  1 pending\n" },
      { name: "c", code: null, output: "" },
    ];
    assert.deepEqual(summaryOf(results), [
      ...["  7 passing", "  1 pending", "  2 failing"],
      ...["  failed: a", "  skipped tests: b", "  failed: c"],
    ]);
  });
});

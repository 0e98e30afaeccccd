import assert from "node:assert/strict";
import { bundlesOf } from "../../run/bundles";

describe("test files that share a command", () => {
  it("are added until the command is long enough", () => {
    const durations = { a: 90, b: 60, c: 40, d: 30, e: 10, f: 5 };
    assert.deepEqual(bundlesOf(["a", "b", "c", "d", "e", "f"], durations, 60), [
      ...[["a"], ["b"], ["c", "d"], ["e", "f"]],
    ]);
  });

  it("have run before: a file of unknown duration has a command of its own", () => {
    const durations = { a: 5, b: 5, c: 5 };
    assert.deepEqual(bundlesOf(["new", "newer", "a", "b", "newest", "c"], durations, 60), [
      ...[["new"], ["newer"], ["a", "b"], ["newest"], ["c"]],
    ]);
  });

  it("do not exist if each command takes one file", () => {
    assert.deepEqual(bundlesOf(["a", "b"], { a: 5, b: 5 }, 0), [["a"], ["b"]]);
  });
});

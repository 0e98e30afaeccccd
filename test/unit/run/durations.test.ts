import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longestFirst, sizeWithCases, slowest } from "../../run/durations";

describe("the order of test files", () => {
  it("puts new files first, larger before smaller, and then the longest", () => {
    const size = (file: string) => file.length;
    const files = ["short", "new", "long", "newer"];
    assert.deepEqual(longestFirst(files, { short: 5, long: 900 }, size), [
      ...["newer", "new", "long", "short"],
    ]);
  });
});

describe("the size of a test file", () => {
  const folder = mkdtempSync(join(tmpdir(), "sizes-"));
  after(() => rmSync(folder, { recursive: true }));

  it("includes its cases in the folder of the same name, because they run with it", () => {
    const file = join(folder, "life.test.ts");
    writeFileSync(file, "12345");
    assert.equal(sizeWithCases(file), 5);
    mkdirSync(join(folder, "life", "more"), { recursive: true });
    writeFileSync(join(folder, "life", "moves.ts"), "123");
    writeFileSync(join(folder, "life", "more", "kills.ts"), "12");
    assert.equal(sizeWithCases(file), 10);
  });
});

describe("the table of the slowest files", () => {
  it("contains their seconds and their share of the total", () => {
    assert.deepEqual(slowest({ a: 1000, b: 7000, c: 2000 }, 2), [
      "Slowest of 3 files, 10 s in all:",
      "     7.0 s  70%  b",
      "     2.0 s  20%  c",
    ]);
  });
});

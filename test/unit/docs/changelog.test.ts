import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";

const text = readFileSync(join(checkout, "CHANGELOG.md"), "utf8");

/** Entries of all sections, each on one line. */
const entries = text
  .split(/\n(?=- |\n?#)/)
  .map((part) => part.trim().replaceAll(/\s+/g, " "))
  .filter((part) => part.startsWith("- "));

describe("the changelog", () => {
  it("has only whole entries: a merge may cut one off, and join it with the next one", () => {
    assert.ok(entries.length > 100, String(entries.length));
    assert.deepEqual(
      entries.filter((entry) => !/[.)]$/.test(entry)),
      [],
    );
    assert.doesNotMatch(text, /\n\n- .*(\n .*)*\n\n- /, "an empty line separates two entries");
  });

  it("has each entry once: a merge may keep both versions", () => {
    const starts = entries.map((entry) => entry.slice(0, 60));
    assert.deepEqual(
      starts.filter((start, at) => starts.indexOf(start) !== at),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { unusedExports } from "../support/exports";
import { known, sources } from "../support/imports";

describe("what files export", () => {
  it("is used by another file, or at least by the file itself", () => {
    assert.ok(sources.length > 100 && known.size > sources.length);
    assert.deepEqual(unusedExports(sources, [...known]), []);
  });
});

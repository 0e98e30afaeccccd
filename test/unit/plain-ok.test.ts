import assert from "node:assert/strict";

describe("a false assertion", () => {
  it("fails at once, anywhere in a long file", () => {
    assert.throws(() => assert.ok(0 > 1), /^AssertionError.*: expected a true value, got false$/);
    assert.throws(() => assert.ok(0 > 1, "none is there"), /none is there/);
  });
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { branchSlug } from "../../../config/branch";

describe("a branch's name in other names", () => {
  for (const [branch, slug] of [
    ["feature/pay", "featur-1fa4290d"],
    ["main", "main"],
    ["a-branch-of-long-name", "a-bran-2df7456b"],
  ] as const) {
    it(`${branch} is ${slug}`, () => assert.equal(branchSlug(branch), slug));
  }

  it("is a DNS label of at most 15 characters, whatever the branch is called", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (branch) =>
        /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(branchSlug(branch)),
      ),
    );
  });

  it("differs between names that differ only in what is left out", () => {
    assert.notEqual(branchSlug("Feature/pay"), branchSlug("feature/pay"));
    assert.notEqual(branchSlug("feature/pay"), branchSlug("feature-pay"));
    assert.notEqual(branchSlug("pay_1"), branchSlug("pay-1"));
  });
});

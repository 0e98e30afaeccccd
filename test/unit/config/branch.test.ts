import assert from "node:assert/strict";
import * as fc from "fast-check";
import { InvalidConfig, parseStack } from "../../../config";
import { branchSlug } from "../../../config/branch";
import { small } from "./small";

/** Returns the errors of the small config as a branch's, with another host of its app. */
function errorsWith(domain: string): string[] {
  const { placement, tenancy } = small.components;
  const apps = { shop: { ...small.apps.shop, domain } };
  const components = { placement, tenancy };
  try {
    parseStack("test", { ...small, environment: "test", branch: "feature/pay", components, apps });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe("a branch's name in other names", () => {
  it("leaves room in host names, or is refused with the app's name", () => {
    const prefix = "featur-1fa4290d-";
    const said = (length: number) =>
      `platform:apps.shop.domain: expected at most 47 characters before the first dot, and 237 in total, because the branch's ${prefix} is added in front, got "${"a".repeat(length)}`;
    assert.deepEqual(errorsWith(`${"a".repeat(47)}.test`), []);
    const [error = ""] = errorsWith(`${"a".repeat(48)}.test`);
    assert.ok(error.startsWith(said(48)), error);
    assert.match(errorsWith(`a.${"b.".repeat(117)}test`).join(), /and 237 in total/);
  });

  for (const [branch, slug] of [
    ["feature/pay", "featur-1fa4290d"],
    ["main", "main"],
    ["a-branch-of-long-name", "a-bran-2df7456b"],
  ] as const) {
    it(`${branch} is ${slug}`, () => assert.equal(branchSlug(branch), slug));
  }

  it("is a DNS label of at most 15 characters, whatever the name of the branch", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (branch) =>
        /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(branchSlug(branch)),
      ),
    );
  });

  it("differs between names that differ only in omitted characters", () => {
    assert.notEqual(branchSlug("Feature/pay"), branchSlug("feature/pay"));
    assert.notEqual(branchSlug("feature/pay"), branchSlug("feature-pay"));
    assert.notEqual(branchSlug("pay_1"), branchSlug("pay-1"));
  });
});

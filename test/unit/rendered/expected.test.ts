import assert from "node:assert/strict";
import { declaredAs, expected } from "../../support/expected";
import { stackNames } from "../../support/stacks";

describe("what the whole program declares", () => {
  for (const stack of stackNames) {
    it(`is what test/expected/${stack}.json says; "npm run expected" writes it anew`, async () => {
      assert.equal(await declaredAs(stack), expected(stack));
    });
  }
});

import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { policyOf, violations } from "../../../policy/check";
import { bases } from "../../support/mutations/bases";
import { declareObjects } from "../../support/mutations/declared";

/** The bases together have every key of the config. */
describe("a setting that the config accepts", function () {
  this.timeout(120_000);

  for (const { name, values } of bases) {
    it(`breaks no rule of the policy: ${name}`, async () => {
      const found = violations(await declareObjects(values), policyOf(parseStack("fuzz", values)));
      assert.deepEqual(found, []);
    });
  }
});

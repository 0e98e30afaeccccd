import assert from "node:assert/strict";
import { isSplit, type Answers } from "../../e2e/support/load";

const answers = (byRelease: Record<string, number>, failed: string[] = []): Answers => ({
  total: Object.values(byRelease).reduce((sum, one) => sum + one, failed.length),
  failed,
  byRelease,
});

describe("the split of a gateway's responses", () => {
  it("matches the shares within the binomial bounds", () => {
    const shares = { "1.4.2": 0.9, "1.5.0": 0.1 };
    assert.ok(isSplit(answers({ "1.4.2": 182, "1.5.0": 18 }), shares));
    assert.ok(!isSplit(answers({ "1.4.2": 100, "1.5.0": 100 }), shares));
    assert.ok(!isSplit(answers({ "1.4.2": 200 }), shares));
  });

  it("contains exactly one release if one has all requests", () => {
    assert.ok(isSplit(answers({ "1.5.0": 200 }), { "1.5.0": 1 }));
    assert.ok(isSplit(answers({ "1.4.2": 200 }), { "1.4.2": 1, "1.5.0": 0 }));
    assert.ok(!isSplit(answers({ "1.4.2": 199, "1.5.0": 1 }), { "1.4.2": 1, "1.5.0": 0 }));
    assert.ok(!isSplit(answers({ "1.4.2": 199, "1.5.0": 1 }), { "1.4.2": 1 }));
  });

  it("is invalid if a request failed", () => {
    assert.ok(!isSplit(answers({ "1.5.0": 199 }, ["error: no answer in time"]), { "1.5.0": 1 }));
  });
});

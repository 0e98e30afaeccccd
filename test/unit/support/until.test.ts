import assert from "node:assert/strict";
import { until, untilEqual } from "../../support/until";

describe("waiting in tests", () => {
  /** Returns each of some values, the last one again and again. */
  const each =
    <Value>(...values: Value[]) =>
    (): Value =>
      (values.length > 1 ? values.shift() : values[0]) as Value;

  it("ends when the condition holds, and otherwise names it", async () => {
    await until("it is so", 20, each(false, true), 1);
    await assert.rejects(
      until("it is so", 0, () => false, 1),
      /^Error: it is so: not true within 0 s$/,
    );
  });

  it("ends at the expected value, and shows the last one otherwise", async () => {
    await untilEqual(20, each({ pods: 1 }, { pods: 2 }), { pods: 2 }, 1);
    await assert.rejects(
      untilEqual(0, each({ pods: 1 }, { pods: 3 }), { pods: 2 }, 1),
      /AssertionError[^]*pods: [13][^]*pods: 2/,
    );
  });

  it("checks once more at the timeout", async () => {
    let looks = 0;
    await untilEqual(0, () => ++looks, 1);
    assert.equal(looks, 1);
  });
});

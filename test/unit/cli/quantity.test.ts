import assert from "node:assert/strict";
import { quantity } from "../../../cli/quantity";

describe("quantities of Kubernetes", () => {
  const read: [text: unknown, amount: number | undefined][] = [
    [3, 3],
    ["3", 3],
    ["0.5", 0.5],
    ["35m", 0.035],
    ["16u", 0.000016],
    ["2k", 2000],
    ["2Ki", 2048],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["1E", 1e18],
    ["1e3", 1000],
    ["1Ei", 2 ** 60],
    ["", undefined],
    ["Mi", undefined],
    ["2x", undefined],
    ["-1", undefined],
    ["1 Gi", undefined],
    [undefined, undefined],
  ];
  for (const [text, amount] of read) {
    it(`are read: ${JSON.stringify(text)}`, () => {
      assert.equal(quantity(text), amount);
    });
  }
});

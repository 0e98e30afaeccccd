import assert from "node:assert/strict";
import { bytesOf, mebibytesOf } from "../../../config";

describe("sizes", () => {
  it("are read in bytes and in Mi, rounded down", () => {
    assert.deepEqual(
      ["512Ki", "100Mi", "2Gi", "1Ti"].map((size) => [bytesOf(size), mebibytesOf(size)]),
      [
        [524_288, 0],
        [104_857_600, 100],
        [2 ** 31, 2048],
        [2 ** 40, 1_048_576],
      ],
    );
  });

  for (const size of ["2", "2G", "1.5Gi", "Mi", "-1Mi", "2 Gi"]) {
    it(`are not guessed: ${size}`, () => {
      assert.throws(() => mebibytesOf(size), /size: expected a whole number of Ki, Mi, Gi or Ti/);
    });
  }
});

import assert from "node:assert/strict";
import { bytesOf, mebibytesOf } from "../../../config";
import { programSizeOf, quantityOf, showCpu, showMemory } from "../../../config/quantities";

describe("quantities of Kubernetes", () => {
  const read: [text: unknown, amount: number | undefined][] = [
    [3, 3],
    ["3", 3],
    ["0.5", 0.5],
    [".5", 0.5],
    ["1.", 1],
    ["+2", 2],
    ["-1", -1],
    ["35m", 0.035],
    ["1001m", 1.001],
    ["16u", 0.000016],
    ["0.1n", 1e-9],
    ["2k", 2000],
    ["2Ki", 2048],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["104857599Ki", 104_857_599 * 1024],
    ["1E", 1e18],
    ["1e3", 1000],
    ["1E3", 1000],
    ["1E-3", 0.001],
    ["1Ei", 2 ** 60],
    ["", undefined],
    ["Mi", undefined],
    ["2x", undefined],
    ["2K", undefined],
    ["2ki", undefined],
    ["1e3Mi", undefined],
    ["1 Gi", undefined],
    ["512MB", undefined],
    [undefined, undefined],
  ];
  for (const [text, amount] of read) {
    it(`are read: ${JSON.stringify(text)}`, () => {
      assert.equal(quantityOf(text), amount);
    });
  }

  it("are written in the largest unit without a fraction", () => {
    assert.deepEqual([500, 2000, 1125].map(showCpu), ["500m", "2", "1125m"]);
    assert.deepEqual([1, 2048, 3 * 1024 ** 2, 1024 ** 3].map(showMemory), [
      "1Ki",
      "2Mi",
      "3Gi",
      "1Ti",
    ]);
  });
});

describe("sizes", () => {
  it("are read in bytes and in Mi", () => {
    assert.deepEqual(
      ["512Ki", "100Mi", "2Gi", "1Ti"].map((size) => [bytesOf(size), mebibytesOf(size)]),
      [
        [524_288, 0.5],
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

  it("of programs have two meanings if their unit has no i", () => {
    assert.deepEqual(programSizeOf("2GiB"), [2 ** 31, 2 ** 31]);
    assert.deepEqual(programSizeOf("1.5Mi"), [1.5 * 2 ** 20, 1.5 * 2 ** 20]);
    assert.deepEqual(programSizeOf("500MB"), [5e8, 500 * 2 ** 20]);
    assert.deepEqual(programSizeOf("2g"), [2e9, 2 ** 31]);
    for (const text of ["", "7", "GB", "1 GB", "2x"]) assert.equal(programSizeOf(text), undefined);
  });
});

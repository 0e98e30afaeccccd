import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../../local/toolchain/paths";
import { inputsHash, programHash } from "../../../../cli/stacks/inputs";
import { runJobs } from "../../../../cli/stacks/workers";

describe("the hash of the program", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "program-"));
    for (const source of ["config", "index.ts", "package-lock.json"]) {
      cpSync(join(checkout, source), join(folder, source), { recursive: true });
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("does not depend on where the project is", () => {
    const before = programHash(folder);
    assert.equal(programHash(folder), before);
    assert.match(before, /^[0-9a-f]{64}$/);
  });

  const changes: [what: string, change: (folder: string) => void][] = [
    ["a file changes", (at) => writeFileSync(join(at, "index.ts"), "export {};\n")],
    ["a file deep down changes", (at) => writeFileSync(join(at, "config/app/index.ts"), "")],
    ["a file is new", (at) => writeFileSync(join(at, "config/new.ts"), "")],
    ["a file is gone", (at) => rmSync(join(at, "config/app/index.ts"))],
    ["a package has another version", (at) => writeFileSync(join(at, "package-lock.json"), "{}")],
  ];
  for (const [what, change] of changes) {
    it(`differs if ${what}`, () => {
      const before = programHash(folder);
      change(folder);
      assert.notEqual(programHash(folder), before);
    });
  }
});

describe("the hash of a stack's inputs", () => {
  const hash = inputsHash({ a: 1, b: { c: [1, 2], d: 3 } }, "p", { x: 1 });

  it("does not depend on the order of keys", () => {
    assert.equal(inputsHash({ b: { d: 3, c: [1, 2] }, a: 1 }, "p", { x: 1 }), hash);
  });

  it("differs for another config, program or platform, and for another order of a list", () => {
    const others = [
      inputsHash({ a: 1, b: { c: [2, 1], d: 3 } }, "p", { x: 1 }),
      inputsHash({ a: 1, b: { c: [1, 2], d: 4 } }, "p", { x: 1 }),
      inputsHash({ a: 1, b: { c: [1, 2], d: 3 } }, "q", { x: 1 }),
      inputsHash({ a: 1, b: { c: [1, 2], d: 3 } }, "p", { x: 2 }),
      inputsHash({ a: 1, b: { c: [1, 2], d: 3 } }, "p", undefined),
    ];
    assert.equal(new Set([hash, ...others]).size, 6);
  });
});

describe("workers", () => {
  it("refuse items that depend on each other in a cycle", async () => {
    const other: Record<string, string> = { a: "b", b: "a" };
    await assert.rejects(
      runJobs(
        ["a", "b"],
        2,
        (item) => [other[item] ?? item],
        () => Promise.resolve(1),
      ),
      /depend on each other in a cycle/,
    );
  });

  it("give the results in the order of the items", async () => {
    const job = (ms: number) => new Promise<number>((done) => setTimeout(() => done(ms), ms));
    assert.deepEqual(await runJobs([20, 1, 10], 3, () => [], job), [20, 1, 10]);
  });
});

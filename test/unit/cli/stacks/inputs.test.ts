import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { checkout } from "../../../../local/toolchain/paths";
import { inputsHash, programHash, programSources } from "../../../../cli/stacks/inputs";
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

  it("covers every file of the project that the program loads", () => {
    // A separate process, because other tests in this one load the CLI as well.
    const script = 'require("./index.ts"); console.log(Object.keys(require.cache).join("\\n"))';
    const output = execFileSync(
      process.execPath,
      ["--require", "./bin/typescript.cjs", "-e", script],
      {
        cwd: checkout,
        encoding: "utf8",
      },
    );
    const loaded = output
      .trim()
      .split("\n")
      .map((file) => relative(checkout, file).split(sep).join("/"))
      .filter((file) => !/^(\.\.|node_modules)\b/.test(file) && file !== "");
    assert.ok(loaded.includes("index.ts") && loaded.length > 50);
    assert.deepEqual(
      loaded.filter(
        (file) =>
          !programSources.some((source) => file === source || file.startsWith(`${source}/`)),
      ),
      [],
    );
  });

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

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WarmPrograms } from "../../../../cli/stacks/warm/programs";

/** What a process notes at its start. */
interface Noted {
  /** Largest heap, Mi, while it replaced 20,000 objects of about 0.9 KiB again and again. */
  heap: number;
  /** Largest nursery of new objects in it, Mi. */
  nursery: number;
  arenas: string | undefined;
}

/** Node.js loads this before the program. */
const note = `
const { writeFileSync } = require("node:fs");
const { getHeapSpaceStatistics, setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");
const object = () => ({ text: String(Math.random()), list: new Array(100).fill(0) });
const objects = Array.from({ length: 20_000 }, object);
// Node.js has a fixed limit for its first collection, which this one takes the place of.
setFlagsFromString("--expose-gc");
// What other threads collect, they collect later on a busy machine, while the heap grows.
for (const work of ["marking", "sweeping"]) setFlagsFromString("--no-concurrent-" + work);
runInNewContext("gc")();
let [heap, nursery] = [0, 0];
for (let i = 0; i < 400_000; i++) {
  objects[(i * 7919) % objects.length] = object();
  if (i % 1000 > 0) continue;
  const spaces = getHeapSpaceStatistics();
  const sizes = (which) => which.reduce((sum, { space_size }) => sum + space_size, 0) / 2 ** 20;
  heap = Math.max(heap, sizes(spaces));
  nursery = Math.max(nursery, sizes(spaces.filter(({ space_name }) => space_name === "new_space")));
}
writeFileSync(process.env.NOTED, JSON.stringify({ heap, nursery, arenas: process.env.MALLOC_ARENA_MAX }));
`;

describe("a process that runs programs of many stacks", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "warm-memory-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("takes little more memory than what it holds, in its heap and outside of it", async () => {
    const [module, noted] = [join(folder, "note.cjs"), join(folder, "noted.json")];
    writeFileSync(module, note);
    const programs = new WarmPrograms({
      ...process.env,
      NODE_OPTIONS: `--require ${module}`,
      NOTED: noted,
    });
    try {
      const ended = { code: 0, stdout: "", output: "" };
      const run = await programs.use(() => Promise.resolve(ended));
      assert.deepEqual(run, { ended, programFailed: false });
    } finally {
      await programs.close();
    }
    const { heap, nursery, arenas } = JSON.parse(readFileSync(noted, "utf8")) as Noted;
    // The heap takes 35 Mi, 87 and more with only one of the flags, and 137 with Node.js' defaults.
    assert.ok(heap < 60, `a heap of ${heap} Mi`);
    assert.ok(nursery <= 4, `a nursery of ${nursery} Mi`);
    assert.equal(arenas, "1");
  });
});

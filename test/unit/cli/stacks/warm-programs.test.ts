import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WarmPrograms } from "../../../../cli/stacks/warm/programs";
import { bundleLoader } from "../../../../local/toolchain/paths";

/** What a process notes at its start. */
interface Noted {
  /** Flags of Node.js. */
  flags: string[];
  /** Largest nursery of new objects, Mi, while it replaced 20,000 objects of about 0.9 KiB again and again. */
  nursery: number;
  arenas: string | undefined;
}

/** Node.js loads this before the program, and before what bundles the program, which is another process. */
const note = `
const { writeFileSync } = require("node:fs");
const { getHeapSpaceStatistics } = require("node:v8");
const object = () => ({ text: String(Math.random()), list: new Array(100).fill(0) });
if (process.argv[1] !== process.env.NOTING) return;
const objects = Array.from({ length: 20_000 }, object);
let nursery = 0;
for (let i = 0; i < 100_000; i++) {
  objects[(i * 7919) % objects.length] = object();
  if (i % 1000 > 0) continue;
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  nursery = Math.max(nursery, space.space_size / 2 ** 20);
}
const { execArgv: flags, env } = process;
writeFileSync(env.NOTED, JSON.stringify({ flags, nursery, arenas: env.MALLOC_ARENA_MAX }));
`;

describe("a process that runs programs of many stacks", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "warm-memory-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("starts with a small nursery, a heap that grows slowly and one arena", async () => {
    const [module, noted] = [join(folder, "note.cjs"), join(folder, "noted.json")];
    writeFileSync(module, note);
    const programs = new WarmPrograms({
      ...process.env,
      NODE_OPTIONS: `--require ${module}`,
      NOTED: noted,
      NOTING: bundleLoader,
    });
    try {
      const ended = { code: 0, stdout: "", output: "" };
      const run = await programs.use(() => Promise.resolve(ended));
      assert.deepEqual(run, { ended, programFailed: false });
    } finally {
      await programs.close();
    }
    const { flags, nursery, arenas } = JSON.parse(readFileSync(noted, "utf8")) as Noted;
    assert.ok(nursery <= 4, `a nursery of ${nursery} Mi`);
    // How far a heap grows depends on how quickly the machine collects: bench/ measures it.
    assert.deepEqual(
      flags.filter((flag) => flag.startsWith("--heap")),
      ["--heap-growing-percent=40"],
    );
    assert.equal(arenas, "1");
  });
});

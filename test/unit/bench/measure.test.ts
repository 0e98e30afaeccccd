import assert from "node:assert/strict";
import { measure } from "../../../bench/measure/command";
import { table } from "../../../bench/measure/report";
import { measureInterleaved, spread } from "../../../bench/measure/rounds";

/** Returns a node command that uses memory in a child process, and CPU for a third of the time. */
function below(mebibytes: number, seconds: number): string[] {
  const inner = `const held = Buffer.alloc(${mebibytes} * 2 ** 20, 1);
    const used = () => Object.values(process.cpuUsage()).reduce((sum, each) => sum + each);
    while (used() < ${(seconds * 1e6) / 3}) held[0] = 2;
    setTimeout(() => held.fill(3), ${seconds * 1000} - performance.now());`;
  const outer = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(inner)}])`;
  return [process.execPath, "-e", outer];
}

describe("measure", () => {
  it("reports time and memory of everything that a command starts", async () => {
    const { seconds, cpuSeconds, memory } = await measure({ line: below(150, 1.5) });
    assert.ok(seconds > 1.5 && seconds < 60, `${seconds} s`);
    assert.ok(cpuSeconds > 0.3 && cpuSeconds < 10, `${cpuSeconds} s of processors`);
    // Only Linux reports memory.
    if (process.platform !== "linux") return;
    assert.ok((memory?.total ?? 0) > 150 && (memory?.total ?? 0) < 600, `${memory?.total} MiB`);
    assert.equal(memory?.worker, memory?.total);
  });

  it("counts memory once for a process and those that it has forked, which run no program of their own yet", async function () {
    // Only Linux reports memory.
    if (process.platform !== "linux") return this.skip();
    // Subshells are such processes for as long as they wait. Reading the value takes its size twice.
    const forked = "(read -rt 1.5 <> <(:)) &".repeat(4);
    const script = `held=$(head -c ${60 * 2 ** 20} /dev/zero | tr '\\0' x); ${forked} wait`;
    const { memory } = await measure({ line: ["bash", "-c", script] });
    assert.ok((memory?.total ?? 0) > 60 && (memory?.total ?? 0) < 200, `${memory?.total} MiB`);
  });

  it("fails with the end of the output if a command has an unexpected exit code", async () => {
    const line = ["sh", "-c", "echo why; exit 3"];
    await assert.rejects(measure({ line }), /ended with 3:\nwhy$/);
    assert.equal((await measure({ line, codes: [3] })).output, "why\n");
  });
});

describe("rounds of measurements", () => {
  it("report minimum and median", () => {
    assert.deepEqual(spread([5, 1, 3]), { minimum: 1, median: 3 });
    assert.deepEqual(spread([4, 1, 3, 2]), { minimum: 1, median: 2.5 });
  });

  it("alternate, and are reported as ratios to one another", async () => {
    const turns: string[] = [];
    const taking = (name: string, seconds: number) => ({
      name,
      run: (round: number) => {
        turns.push(`${name}${round}`);
        return Promise.resolve({ seconds: seconds * round, cpuSeconds: 1 });
      },
    });
    const alternatives = [taking("a", 1), { ...taking("b", 4), against: "a" }];
    const results = await measureInterleaved(3, alternatives, () => undefined);
    assert.deepEqual(turns, ["a1", "b1", "a2", "b2", "a3", "b3"]);
    assert.deepEqual(results[1]?.ratio, {
      against: "a",
      seconds: { minimum: 4, median: 4 },
      cpuSeconds: { minimum: 1, median: 1 },
    });
    const text = table({ name: "x", title: "Turns", results, notes: ["A note."] });
    assert.match(
      text,
      /^\| b +\| +3 \| 4\.0 \/ 8\.0 \| 1\.0 \/ 1\.0 \|.*\| 4\.00 \/ 4\.00 \| a +\|$/m,
    );
  });
});

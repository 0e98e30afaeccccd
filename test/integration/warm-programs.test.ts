import assert from "node:assert/strict";
import { warmEngine } from "../../cli/stacks/warm/engine";
import { WarmPrograms } from "../../cli/stacks/warm/programs";
import type { Ended, Engine } from "../../engine/runs";
import { failedWith, succeeded } from "../support/results";
import { until } from "../support/until";
import { SmallProject } from "./warm-programs/project";

describe("programs of many stacks in one process", () => {
  let project: SmallProject;
  let programs: WarmPrograms;
  let engine: Engine;
  before(async () => {
    project = new SmallProject();
    await project.stack("first", { text: "of the first" }, { token: "secret-of-first" });
    await project.stack("second", { other: "of the second" });
    for (const way of [
      "refuse",
      "hold",
      "fail",
      "reject",
      "exit",
      "late",
      "hang",
      "spin",
      "wait",
    ]) {
      await project.stack(way, { do: way });
    }
    await project.stack("counting", { countRuns: "true", countKept: "true" });
  });
  after(() => project.remove());
  beforeEach(() => {
    programs = new WarmPrograms(project.environment);
    const plain = {
      run: (_verb: string, stack: string, _file: unknown, flags: readonly string[] = []) =>
        project.preview(stack, ...flags),
      lastUpdates: () => Promise.resolve(new Map<string, undefined>()),
      outputs: () => Promise.resolve(undefined),
    };
    engine = warmEngine(programs, plain);
  });
  afterEach(() => programs.close());

  const preview = (stack: string): Promise<Ended> => engine.run("preview", stack, undefined);

  /** Returns the outputs that a preview shows, in a process of `programs`. */
  async function warmOutputs(stack: string, ...more: string[]): Promise<string> {
    const { ended, programFailed } = await programs.use((flags) =>
      project.preview(stack, ...more, ...flags),
    );
    assert.equal(programFailed, false, ended.output);
    return outputsIn(ended);
  }

  it("declare the same as in separate processes, keep secrets, and see nothing of each other", async () => {
    const plain = new Map<string, string>();
    for (const stack of ["first", "second"]) {
      plain.set(stack, outputsIn(await project.preview(stack, "--show-secrets")));
    }
    for (const stack of ["first", "second"]) {
      const warm = await warmOutputs(stack, "--show-secrets");
      assert.equal(warm, plain.get(stack));
      assert.equal(warm.includes("secret-of-first"), stack === "first", warm);
      assert.equal(warm.includes("of the first"), stack === "first", warm);
      assert.equal(warm.includes("small:other"), stack === "second", warm);
    }
    // Secrets are shown on request only.
    const again = await warmOutputs("first");
    assert.equal(again.replace("[secret]", '"secret-of-first"'), plain.get("first"));
    assert.equal(programs.started, 1);
  });

  it("are loaded once, save compiled code once after the first run, and get a new process after a number of runs", async () => {
    const few = new WarmPrograms(project.environment, 3);
    try {
      for (const [started, before, kept] of [
        [1, 0, 0],
        [1, 1, 1],
        [1, 2, 1],
        [2, 0, 0],
      ]) {
        const { ended, programFailed } = await few.use((flags) =>
          project.preview("counting", ...flags),
        );
        const output = succeeded(ended);
        assert.match(output, new RegExp(`runs before this one: ${before}$`, "m"));
        assert.match(output, new RegExp(`times that compiled code was kept: ${kept}$`, "m"));
        assert.deepEqual([few.started, programFailed], [started, false]);
      }
    } finally {
      await few.close();
    }
  });

  it("that refuse report the same reason as in their own process, and keep the process usable", async () => {
    const ended = await preview("refuse");
    failedWith(ended, /^ +error: refused on purpose$/m);
    const plain = await project.preview("refuse");
    assert.deepEqual(errorsIn(ended), errorsIn(plain));
    succeeded(await preview("second"));
    assert.equal(programs.started, 2);
  });

  it("that refuse while objects wait for the end of the program end as in their own process", async () => {
    const ended = await preview("hold");
    failedWith(ended, /^ +error: refused on purpose$/m);
    assert.doesNotMatch(ended.output, /small:index:/);
    assert.deepEqual(errorsIn(ended), errorsIn(await project.preview("hold")));
  });

  it("that fail, reject or exit unexpectedly run again in their own processes, and do not affect other stacks", async () => {
    const other = preview("wait");
    const ways = {
      fail: /failed on purpose/,
      reject: /rejected on purpose/,
      exit: /exited with non-zero exit code: 3/,
    };
    await Promise.all(
      Object.entries(ways).map(async ([way, message]) =>
        failedWith(
          await preview(way),
          message,
          /The program ended unexpectedly in a process that it shares/,
        ),
      ),
    );
    succeeded(await other);
    const next = succeeded(await preview("counting"));
    assert.match(next, /runs before this one: [01]$/m);
  });

  it("that declare something after their end run again in their own processes", async () => {
    const output = succeeded(await preview("late"));
    assert.match(output, /^ \+ +small:index:Late late create/m);
  });

  it("that hang or loop delay no other stack, and end with their engine", async () => {
    const ways = ["hang", "spin"] as const;
    const stuck = ways.map((way) => preview(way));
    succeeded(await preview("first"));
    await until("both run", 60, () => ways.every((way) => project.isRunning(way)));
    assert.equal(programs.started, 3);
    // The engine reports that its program has gone.
    await programs.close();
    for (const ended of stuck) failedWith(await ended, /error reading from server/);
  });
});

/** Returns the part of an engine's output with the outputs of a stack. */
function outputsIn(ended: Ended): string {
  const [, outputs = ""] = /^Outputs:\n(.*?)^Resources:/ms.exec(succeeded(ended)) ?? [];
  assert.match(outputs, /stack/);
  return outputs;
}

function errorsIn({ output }: Ended): string[] {
  return output.split("\n").filter((line) => /^ +error: /.test(line));
}

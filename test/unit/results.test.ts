import assert from "node:assert/strict";
import { failedWith, runCommand, succeeded, unwrapped } from "../support/results";

describe("results of commands", () => {
  const shell = (script: string, input?: string) =>
    runCommand("sh", ["-c", script], { cwd: ".", env: process.env, input });

  it("have the exit code, the output of both streams, and standard output alone", async () => {
    assert.deepEqual(await shell("cat; echo bad >&2; exit 3", "given\n"), {
      code: 3,
      output: "given\nbad\n",
      stdout: "given\n",
    });
  });

  it("return the output of a command that succeeded", async () => {
    assert.equal(succeeded(await shell("echo done")), "done\n");
    assert.throws(() => succeeded({ code: 2, output: "lost" }), /ended with 2:\nlost/);
  });

  it("return the output of a command that failed as expected", () => {
    assert.equal(failedWith({ code: 1, output: "one two" }, /one/, /two/), "one two");
    assert.equal(failedWith({ code: null, output: "killed" }, /killed/), "killed");
  });

  it("reject a command that succeeded, or failed for another reason", () => {
    assert.throws(
      () => failedWith({ code: 0, output: "one" }, /one/),
      /expected a failure with \/one\/, got:\none/,
    );
    assert.throws(
      () => failedWith({ code: 1, output: "one" }, /one/, /two/),
      /expected \/two\/, got exit code 1 with:\none/,
    );
  });

  it("may have their lines joined", () => {
    assert.deepEqual(unwrapped({ code: 1, output: "a long\n    line" }), {
      code: 1,
      output: "a long line",
    });
  });
});

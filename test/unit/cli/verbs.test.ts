import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { helpText, verbOf, verbs } from "../../../cli/verbs";
import { checkout } from "../../../local/toolchain/paths";

describe("the platform's command", () => {
  it("has a module for each verb", () => {
    for (const { module } of Object.values(verbs)) require.resolve(join(checkout, "cli", module));
  });

  it("takes a verb of two words before one of one, and hands the rest on", () => {
    assert.deepEqual(verbOf(["local", "down", "--fast"])?.rest, ["--fast"]);
    assert.deepEqual(verbOf(["preview", "dev"])?.rest, ["dev"]);
    assert.equal(verbOf(["constructor"]), undefined);
    assert.equal(verbOf(["local"]), undefined);
  });

  it("lists its verbs for one that it does not know, and ends with 1", () => {
    const { status, stderr } = run("previw");
    assert.equal(status, 1);
    assert.equal(stderr, `verb: expected one of those below, got "previw"\n\n${helpText()}\n`);
  });

  it("runs a verb with the rest of the command line, from any folder", () => {
    const { status, stdout } = run("up", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /--plan-hash <hash>/);
  });
});

function run(...args: string[]) {
  return spawnSync(process.execPath, [join(checkout, "bin", "platform.mjs"), ...args], {
    cwd: "/",
    encoding: "utf8",
  });
}

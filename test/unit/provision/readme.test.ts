import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePlan } from "../../support/cluster-plan";
import { standIn } from "../../support/shell";

describe("the README of a plan", () => {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  after(() => rmSync(folder, { recursive: true }));

  it("replaces a machine's former folder", () => {
    const [plan, home, bin] = ["plan", "home", "bin"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writePlan(plan);
    mkdirSync(home);
    // The other machine is a folder of this one.
    standIn(join(bin, "ssh"), `shift; cd "${home}"; exec sh -c "$*"`);
    const [, commands = ""] =
      /```sh\n(machine=control-1\ntar [^`]+)```/.exec(
        readFileSync(join(plan, "README.md"), "utf8"),
      ) ?? [];
    const copy = () =>
      execFileSync("sh", ["-euc", commands], {
        cwd: plan,
        env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      });
    copy();
    writeFileSync(join(home, "plan/files/former"), "");
    copy();
    assert.ok(existsSync(join(home, "plan/machine.sh")));
    assert.ok(!existsSync(join(home, "plan/files/former")));
    assert.ok(!existsSync(join(home, "plan/control-1")));
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runAlone } from "../../../bench/compare/alone";
import { checkout, typescriptLoader } from "../../../local/toolchain/paths";

describe("a run that must not overlap another one", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "alone-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (script: string) => runAlone(folder, ["sh", "-c", script], folder);

  it("returns its command's exit code", async () => {
    assert.equal(await run("exit 3"), 3);
    assert.equal(await run("exit 0"), 0);
  });

  it("does not start while processes of an ended parent still run", async () => {
    const source = JSON.stringify(join(checkout, "bench/compare/alone"));
    const script = "echo $$ > new && mv new pid && exec sleep 30";
    const [place, line] = [JSON.stringify(folder), JSON.stringify(["sh", "-c", script])];
    const code = `require(${source}).runAlone(${place}, ${line}, ${place})`;
    const args = ["--require", typescriptLoader, "-e", code];
    const parent = spawn(process.execPath, args, { stdio: "ignore" });
    const file = join(folder, "pid");
    for (let turn = 0; turn < 200 && !existsSync(file); turn += 1) await sleep(50);
    const left = Number(readFileSync(file, "utf8"));
    try {
      parent.kill("SIGKILL");
      await once(parent, "exit");
      await assert.rejects(run("exit 0"), /Another run holds the lock on/);
    } finally {
      process.kill(left);
    }
    const free = async () => (await run("exit 0").catch(() => undefined)) === 0;
    for (let turn = 0; turn < 100 && !(await free()); turn += 1) await sleep(50);
    assert.equal(await run("exit 0"), 0);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { completionScript } from "../../../../cli/completion/script";
import { checkout } from "../../../../local/toolchain/paths";

/** What a real bash proposes after `words`, of which the last one is not complete. */
function proposed(...words: string[]): string[] {
  const line = words.map((word) => `"${word}"`).join(" ");
  const script = `${completionScript("bash")}
COMP_WORDS=(platform ${line}); COMP_CWORD=${words.length}; _platform; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    cwd: checkout,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  assert.equal(stderr, "");
  return stdout.split("\n").filter((word) => word !== "");
}

describe("the completion of a shell", () => {
  it("proposes verbs, their second words and their commands", () => {
    assert.deepEqual(proposed("rel"), ["release"]);
    assert.deepEqual(proposed("local", "d"), ["down"]);
    assert.deepEqual(proposed("release", "ro"), ["rollback"]);
    assert.deepEqual(proposed("local", "cluster", "st"), ["start", "status", "stop"]);
  });

  it("proposes the stacks that have a file if a stack is expected", () => {
    assert.deepEqual(proposed("preview", ""), ["dev", "prod"]);
    assert.deepEqual(proposed("release", "status", "shop", "--stack", "p"), ["prod"]);
    assert.deepEqual(proposed("config", "set", "d"), ["dev"]);
  });

  it("proposes options, and leaves files to the shell", () => {
    assert.deepEqual(proposed("preview", "dev", "--st"), ["--stack"]);
    assert.deepEqual(proposed("render", "dev", "o"), []);
  });

  it("uses zsh's own emulation of bash", () => {
    assert.match(completionScript("zsh"), /^autoload -U \+X bashcompinit && bashcompinit\n/);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { verbs } from "../../../cli/verbs";
import { resolvePaths, shownPath } from "../../../local/commands/caller";
import { checkout } from "../../../local/toolchain/paths";
import { commandOf } from "../../support/commands";

describe("paths on the command line", () => {
  let folder: string;
  before(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "caller-")))));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs `apps owners` as npm or a shell does, and returns what it prints. */
  function owners(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): string {
    // Those of the tests' own npm.
    const others = { npm_lifecycle_event: undefined, INIT_CWD: undefined };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(checkout, "bin", "platform.mjs"), "apps", "owners", ...args],
      { cwd, env: { ...process.env, ...others, ...env }, encoding: "utf8" },
    );
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it("are those of the folder of a shell or of npx, also below another npm", () => {
    const env = { npm_lifecycle_event: "test", INIT_CWD: checkout };
    assert.equal(owners(folder, env, "--out", "A"), `Wrote ${join(folder, "A")}.\n`);
    assert.deepEqual(readdirSync(folder), ["A"]);
  });

  it("are those of the folder in which `npm run platform` was typed", () => {
    const env = { npm_lifecycle_event: "platform", INIT_CWD: folder };
    assert.equal(owners(checkout, env, "--out", "B"), `Wrote ${join(folder, "B")}.\n`);
    assert.ok(readdirSync(folder).includes("B"));
  });

  it("are those of the checkout for what an npm of another folder runs there", () => {
    const out = join(".local", "caller", "C");
    mkdirSync(join(checkout, ".local", "caller"), { recursive: true });
    try {
      for (const script of ["test", undefined]) {
        const env = { npm_lifecycle_event: script, INIT_CWD: folder };
        assert.equal(owners(checkout, env, "--out", out), `Wrote ${out}.\n`);
        assert.deepEqual(readdirSync(join(checkout, ".local", "caller")), ["C"]);
      }
    } finally {
      rmSync(join(checkout, ".local", "caller"), { recursive: true });
    }
  });

  describe("of a folder of the checkout", () => {
    const docs = join(checkout, "docs");
    const read = (caller: string, ...args: string[]) => {
      const seen: unknown[] = [];
      const command = new Command()
        .argument("<dir>")
        .argument("[files...]")
        .option("--out <file>", "", "CODEOWNERS")
        .option("--config-dir <dir>", "", ".")
        .option("--environment <folder>")
        .action((...given: unknown[]) => void seen.push(...given.slice(0, 3)));
      resolvePaths(command, caller);
      command.parse(args, { from: "user" });
      return seen;
    };

    it("are named as in the checkout, and defaults and other values stay", () => {
      const typed = ["out", "a", "b", "--out", "../X", "--environment", "prod"];
      assert.deepEqual(read(docs, ...typed), [
        join("docs", "out"),
        ["a", "b"],
        { out: "X", configDir: ".", environment: "prod" },
      ]);
      assert.deepEqual(read(docs, "/tmp/a", "--config-dir", ".."), [
        "/tmp/a",
        [],
        { out: "CODEOWNERS", configDir: "." },
      ]);
      assert.deepEqual(read(docs, "../../a")[0], join(checkout, "..", "a"));
    });

    it("stay as they are typed in the checkout itself", () => {
      assert.deepEqual(read(checkout, "./out")[0], "./out");
      assert.equal(shownPath("CODEOWNERS", checkout), "CODEOWNERS");
    });

    it("are shown as the shell means them", () => {
      assert.equal(shownPath(join("docs", "X"), docs), "X");
      assert.equal(shownPath("CODEOWNERS", docs), join("..", "CODEOWNERS"));
      assert.equal(shownPath("/tmp/X", docs), "/tmp/X");
      assert.equal(shownPath(join(folder, "X"), docs), join(folder, "X"));
    });
  });

  it("have the placeholder <file> or <dir> in every command", () => {
    const others: string[] = [];
    const look = (line: string, command: Command) => {
      const flags = command.options.map((option) => option.flags);
      const names = command.registeredArguments.map((argument) => `<${argument.name()}>`);
      for (const text of [...flags, ...names]) {
        if (/[<[](path|folder|filename|directory)\b/.test(text)) others.push(`${line} ${text}`);
      }
      for (const each of command.commands) look(`${line} ${each.name()}`, each);
    };
    for (const verb of Object.keys(verbs)) look(verb, commandOf(verb));
    // Names of folders below apps/.
    assert.deepEqual(others, [
      "apps new -e, --environment <folder>",
      "apps move -e, --environment <folder>",
      "apps move --to-environment <folder>",
    ]);
  });
});

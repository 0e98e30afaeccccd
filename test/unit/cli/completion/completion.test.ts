import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { options } from "../../../../cli/completion/options";
import { completionScript } from "../../../../cli/completion/script";
import { optionsOf, followingWords } from "../../../../cli/completion/words";
import { verbs } from "../../../../cli/verbs";
import { checkout } from "../../../../local/toolchain/paths";
import { commandOf } from "../../../support/commands";

describe("the completion of a shell", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "completion-"))));
  after(() => rmSync(folder, { recursive: true }));

  function run(shell: string, args: string[]): string[] {
    const { status, stdout, stderr } = spawnSync(shell, args, {
      cwd: checkout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
      env: { ...process.env, HOME: folder, TERM: "dumb" },
    });
    assert.equal(stderr, "");
    assert.equal(status, 0);
    return stdout.split("\n").filter((word) => word !== "");
  }

  /** What each shell proposes after `words`, of which the last one is not complete. */
  const proposed: Record<string, (...words: string[]) => string[]> = {
    bash: (...words) => {
      const line = words.map((word) => `"${word}"`).join(" ");
      const script = `${completionScript("bash")}
COMP_WORDS=(platform ${line}); COMP_CWORD=${words.length}; _platform; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return run("bash", ["--norc", "-c", script]);
    },
    fish: (...words) => {
      const script = `${completionScript("fish")}\ncomplete -C "platform ${words.join(" ")}"`;
      return run("fish", ["--no-config", "-c", script]);
    },
  };

  for (const [shell, after] of Object.entries(proposed)) {
    describe(shell, () => {
      before(function () {
        if (!has(shell)) this.skip();
      });

      it("proposes verbs, their second words and their commands", () => {
        assert.deepEqual(after("rel"), ["release"]);
        assert.deepEqual(after("local", "d"), ["down"]);
        assert.deepEqual(after("release", "ro"), ["rollback"]);
        assert.deepEqual(after("release", "group", "pro"), ["promote"]);
        assert.deepEqual(after("local", "cluster", "st"), ["start", "status", "stop"]);
      });

      it("proposes the stacks that have a file if a stack is expected", () => {
        assert.deepEqual(after("preview", ""), ["dev", "prod"]);
        assert.deepEqual(after("release", "status", "shop", "--stack", "p"), ["prod"]);
        assert.deepEqual(after("config", "set", "d"), ["dev"]);
      });

      it("proposes the options of the command, and leaves files to the shell", () => {
        assert.deepEqual(after("preview", "dev", "--st"), ["--stack"]);
        assert.deepEqual(after("stacks", "preview", "--st"), []);
        assert.deepEqual(after("release", "canary", "shop", "1.5.0", "--w"), ["--weight"]);
        assert.deepEqual(after("release", "group", "status", "--no"), ["--no-records"]);
        assert.deepEqual(after("board", "-").sort(), [
          "--config-dir",
          "--help",
          "--live",
          "--no-records",
          "--out",
        ]);
        if (shell === "bash") assert.deepEqual(after("render", "dev", "o"), []);
        else assert.deepEqual(after("render", "dev", "READ"), ["README.md"]);
      });
    });
  }

  describe("zsh", () => {
    before(function () {
      if (!has("zsh")) this.skip();
    });

    /** Types a line with tabs into an interactive zsh, and returns the arguments that `platform` gets. */
    function typed(line: string, start = ""): string {
      const script = join(folder, "completion.zsh");
      const rest = 'platform() { print -r -- "<<$*>>"; }';
      writeFileSync(
        script,
        `${start}${completionScript("zsh")}\n${rest}\nunsetopt beep\nPS1=ready\n`,
      );
      const terminal = `zmodload zsh/zpty; zpty shell 'zsh -f -i'
zpty -w shell 'source ${script}'; zpty -r shell text '*ready*'
zpty -w -n shell $'${line}\\n'; zpty -r shell text '*<<*>>*'; print -r -- "$text"; zpty -d shell`;
      const [, args = ""] = /<<(.*)>>/.exec(run("zsh", ["-f", "-c", terminal]).join("\n")) ?? [];
      return args.trim();
    }

    it("completes verbs, commands, stacks and options, without a completion system of its own", () => {
      assert.equal(typed("platform rel\\tro\\t"), "release rollback");
      assert.equal(typed("platform preview d\\t"), "preview dev");
      assert.equal(
        typed("platform release canary shop 1.5.0 --we\\t5 --stack p\\t"),
        "release canary shop 1.5.0 --weight 5 --stack prod",
      );
    });

    it("completes where the completion system is already set up", () => {
      assert.equal(
        typed("platform pre\\t", "autoload -Uz compinit && compinit -u -D\n"),
        "preview",
      );
    });
  });

  it("has the words and the options of every command as its module defines them", () => {
    const [words, offered] = [followingWords(), new Map(optionsOf())];
    const defined = new Map<string, Command>();
    const add = (line: string, command: Command) => {
      defined.set(line, command);
      for (const below of command.commands) add(`${line} ${below.name()}`, below);
    };
    for (const name of Object.keys(verbs)) add(name, commandOf(name));
    for (const [line, command] of defined) {
      const names = command.options.map(({ long, short }) => long ?? short);
      assert.deepEqual(options[line]?.split(" ") ?? [], names, line);
      const [argument] = command.registeredArguments;
      const next = [...command.commands.map((it) => it.name()), ...(argument?.argChoices ?? [])];
      // The names of benchmarks are optional.
      if (line !== "bench") assert.deepEqual(words.get(line) ?? [], next.sort(), line);
      const own = new Set(["--stack", "--help", ...names]);
      assert.deepEqual(offered.get(line)?.filter((name) => !own.has(name)) ?? [], []);
    }
    assert.deepEqual(
      Object.keys(options).filter((line) => !defined.has(line)),
      [],
    );
  });
});

function has(shell: string): boolean {
  return spawnSync(shell, ["-c", "exit 0"]).status === 0;
}

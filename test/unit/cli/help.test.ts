import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { argumentsOf } from "../../../cli/arguments";
import { helpText, verbOf, verbs } from "../../../cli/verbs";
import { exitCodes, meanings } from "../../../local/commands/exit-codes";
import { wholeHelpOf } from "../../../local/commands/main";
import { checkout } from "../../../local/toolchain/paths";
import { commandOf, leafCommands, loadCommand } from "../../support/commands";
import { commandsInText } from "../../support/written-commands";

/** Values of the shell in examples. */
const shell: Record<string, string> = {
  $PLAN_HASH: "0".repeat(64),
  $started: "2026-11-27T10:00:00Z",
  "$(npx platform plugins official)": "plugins",
};

/** Commands that do nothing when they are parsed, by their verbs. */
const inert = new Map(Object.keys(verbs).map((verb) => [verb, withoutEffect(loadCommand(verb))]));

function withoutEffect<Made extends Command>(command: Made): Made {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  if (command.commands.length === 0) command.action(() => {});
  command.commands.forEach(withoutEffect);
  return command;
}

/** Parses a command line with the definitions of its verb. */
async function parse(words: readonly string[]): Promise<void> {
  const found = verbOf(words);
  assert.ok(found, words.join(" "));
  const name = words.slice(0, words.length - found.rest.length).join(" ");
  const rest = found.rest.map((word) => {
    const bare = word.replace(/^(["'])(.*)\1$/, "$2");
    return shell[bare] ?? bare;
  });
  const args = argumentsOf(found.verb, rest, (text) => assert.fail(text));
  await inert.get(name)?.parseAsync(args, { from: "user" });
}

describe("the help of each command", () => {
  for (const [line, command] of leafCommands()) {
    it(`of npx platform ${line} has examples that can be run, and exit codes`, async () => {
      const help = wholeHelpOf(command);
      const [, text = "", codes = ""] = /\nExamples:\n(.*)\nExit codes:\n(.*)$/s.exec(help) ?? [];
      const calls = text.trimEnd().split("\n");
      assert.ok(
        calls.every((call) => new RegExp(`npx platform ${line}(?![\\w-])`).test(call)),
        help,
      );
      const examples = commandsInText(text, line).map(({ words }) => words);
      for (const words of examples) await parse(words);
      assert.match(codes, /^ {2}0 {2}\S.*\n {2}1 {2}\S/);
      assert.doesNotMatch(
        help.slice(0, help.indexOf("Examples:")),
        /\bexamples?:|\bexit codes?\b/i,
      );
    });
  }

  it("shows the first example of each command below it, and where the exit codes are", () => {
    const parents = new Map<string, Command>();
    const add = (line: string, command: Command) => {
      if (command.commands.length > 0) parents.set(line, command);
      for (const each of command.commands) add(`${line} ${each.name()}`, each);
    };
    for (const verb of Object.keys(verbs)) add(verb, commandOf(verb));
    for (const [line, command] of parents) {
      const help = wholeHelpOf(command);
      const own = command.commands.filter((each) => each.commands.length === 0);
      const [, text = ""] = /\nExamples:\n(.*)\n\nExit codes:/s.exec(help) ?? [];
      const called = commandsInText(text, line).map(({ words }) => words.join(" "));
      assert.equal(called.length, own.length, line);
      for (const each of own) {
        const start = `${line} ${each.name()} `;
        assert.ok(
          called.some((words) => `${words} `.startsWith(start)),
          start,
        );
      }
      assert.ok(help.endsWith(`\nExit codes: npx platform ${line} <command> --help\n`), line);
    }
  });

  it("rejects an example that its command does not accept", async () => {
    const wrong = [
      "preview dev --quick",
      "preview dev prod",
      "up prod --plan-hash 1",
      "completion ksh",
    ];
    for (const line of [...wrong, "release weight shop 101 --stack prod", "release promote shop"]) {
      await assert.rejects(parse(line.split(" ")), { name: /Error$/ }, line);
    }
  });
});

describe("the exit codes of the commands", () => {
  const page = readFileSync(join(checkout, "docs", "commands.md"), "utf8").replaceAll(
    / {2,}/g,
    " ",
  );

  it("have one meaning each, which the help of the whole command and the page list", () => {
    assert.deepEqual(Object.keys(meanings).map(Number), Object.values(exitCodes));
    for (const [code, meaning] of Object.entries(meanings)) {
      assert.ok(helpText().includes(`\n  ${code}  ${meaning}`), meaning);
      assert.ok(page.includes(`\n| ${code} | ${meaning} |`), `${code}: ${meaning}`);
    }
  });

  it("are listed in the page where a command has more than 0 and 1", () => {
    const rows = leafCommands().flatMap(([line, command]) =>
      command
        .exitCodeMeanings()
        .filter(([code]) => code > exitCodes.failed)
        .map(([code, meaning]) => `| \`${line}\` | ${code} | ${meaning} |`),
    );
    const listed = [...page.matchAll(/^\| `.*` \| \d \| .* \|$/gm)].map(([row]) => row);
    assert.deepEqual(listed.sort(), rows.sort());
  });
});

describe("the options of the commands", () => {
  it("have one form wherever they have the same name: a value or none, and the same letter", () => {
    const forms = new Map<string, Map<string, string[]>>();
    for (const [line, command] of leafCommands()) {
      for (const { long, short, required, optional, variadic, negate } of command.options) {
        const form = JSON.stringify({ short, required, optional, variadic, negate });
        const known = forms.get(long ?? "") ?? new Map<string, string[]>();
        forms.set(long ?? "", known.set(form, [...(known.get(form) ?? []), line]));
      }
    }
    const several = [...forms].filter(([, known]) => known.size > 1);
    assert.deepEqual(
      several.map(([name, known]) => [name, [...known]]),
      [],
    );
  });

  it("write and read files by one name each", () => {
    const described = (name: string) =>
      leafCommands().flatMap(([line, { options }]) =>
        options.filter(({ long }) => long === name).map(({ description }) => [line, description]),
      );
    for (const [line, text] of described("--json")) assert.match(text ?? "", /^prints /, line);
    for (const [line, text] of described("--report"))
      assert.match(text ?? "", /^also writes the JSON/, line);
    assert.deepEqual(
      described("--violations").map(([line]) => line),
      ["preview"],
    );
  });
});

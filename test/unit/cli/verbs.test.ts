import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { argumentsOf } from "../../../cli/arguments";
import {
  helpAsked,
  helpText,
  unknownVerbText,
  verbOf,
  verbs,
  withHelpLast,
} from "../../../cli/verbs";
import { checkout } from "../../../local/toolchain/paths";
import { helpOf, runHere } from "../../support/commands";
import { commandsInText } from "../../support/written-commands";

describe("the platform's command", () => {
  it("has a module for each verb", () => {
    for (const { module } of Object.values(verbs)) require.resolve(join(checkout, "cli", module));
  });

  it("is called by its verbs wherever a page, a pipeline or a message names it", () => {
    const unknown = writtenFiles().flatMap((file) =>
      [...readFileSync(join(checkout, file), "utf8").matchAll(/npx platform ([a-z]+(?: [a-z]+)?)/g)]
        .filter(([, words = ""]) => verbOf(words.split(" ")) === undefined)
        .map(([call]) => `${file}: ${call}`),
    );
    assert.deepEqual(unknown, []);
  });

  it("leaves only scripts that set up, test, format and draw to npm", () => {
    const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const others = Object.keys(scripts).filter((name) => !/^test(:|$)/.test(name));
    assert.deepEqual(others.sort(), ["check", "expected", "format", "local", "platform"]);
    const missing = writtenFiles().flatMap((file) =>
      [
        ...readFileSync(join(checkout, file), "utf8").matchAll(
          /npm run (?:-s |--silent )?([a-z][\w:]*)/g,
        ),
      ]
        .filter(([, name = ""]) => !Object.hasOwn(scripts, name))
        .map(([call]) => `${file}: ${call}`),
    );
    assert.deepEqual(missing, []);
  });

  it("prefers a verb of two words to one of one word, and passes on the rest", () => {
    assert.deepEqual(verbOf(["local", "down", "--fast"])?.rest, ["--fast"]);
    assert.deepEqual(verbOf(["preview", "dev"])?.rest, ["dev"]);
    assert.equal(verbOf(["constructor"]), undefined);
    assert.equal(verbOf(["local"]), undefined);
  });

  it("accepts the stack as --stack wherever it is the first argument", async () => {
    const ofVerb = (rest: string[]) => argumentsOf({ stack: true }, rest);
    const ofCommand = (rest: string[]) => argumentsOf({ stackCommands: ["set"] }, rest);
    for (const args of [
      ["--stack", "dev", "out"],
      ["out", "-s", "dev"],
      ["out", "--stack=dev"],
    ]) {
      assert.deepEqual(ofVerb(args), ["dev", "out"]);
      assert.deepEqual(ofCommand(["set", ...args]), ["set", "dev", "out"]);
      assert.deepEqual(ofCommand(["show", ...args]), ["show", ...args]);
    }
    assert.deepEqual(ofVerb(["dev", "out"]), ["dev", "out"]);
    assert.deepEqual(ofCommand(["set", "dev", "out"]), ["set", "dev", "out"]);
    assert.throws(() => ofVerb(["--stack"]), /^Error: --stack: expected the name/);
    assert.throws(() => ofCommand(["set", "--stack", "--json"]), /got none$/);
    for (const words of [["policy"], ["charts", "check"]]) {
      const { code, stderr } = await runHere(...words, "--stack", "no-such-stack");
      assert.equal(code, 1, words.join(" "));
      assert.match(stderr, /got "no-such-stack"/);
    }
    const { status, stdout, stderr } = run(
      "config",
      "unset",
      "apps.shop",
      "--stack",
      "no-such-stack",
    );
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^[^\n]*got "no-such-stack"[^\n]*\n$/);
  });

  it("reads former options until the next release, and says which one replaces them", async () => {
    const read = (verb: string, ...rest: string[]) => {
      const warnings: string[] = [];
      const args = argumentsOf(verbs[verb] ?? {}, rest, (text) => warnings.push(text));
      return [args.join(" "), ...warnings.map((text) => text.split(",")[0])];
    };
    for (const [typed, present, warning] of [
      ["policy dev --violations x", "dev --report x", "--violations x: expected --report x"],
      ["policy dev --report x", "dev --report x"],
      ["policy dev --violations", "dev --violations"],
      [
        "preview dev --json a.json",
        "dev --report a.json",
        "--json a.json: expected --report a.json",
      ],
      [
        "preview --json=out/a -s dev",
        "dev --report=out/a",
        "--json out/a: expected --report out/a",
      ],
      ["preview --json dev", "--json dev"],
      ["preview --json shop.prod", "--json shop.prod"],
      ["preview dev --json --out a.json", "dev --json --out a.json"],
      ["preview dev --violations a.json", "dev --violations a.json"],
      ["preview dev -- --json a.json", "dev -- --json a.json"],
    ] as const) {
      const [verb = "", ...rest] = typed.split(" ");
      const expected = warning === undefined ? [present] : [present, warning];
      assert.deepEqual(read(verb, ...rest), expected, typed);
    }
    const { code, stdout, stderr } = await runHere("policy", "nowhere", "--violations", "a.json");
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr,
      /^--violations a\.json: expected --report a\.json, got the option's former name/,
    );
  });

  it("knows the commands below each verb, which a shell completes", () => {
    for (const [name, { commands, stackCommands = [] }] of Object.entries(verbs)) {
      if (commands === undefined || name === "completion") continue;
      const [, list = ""] = helpOf(name).split("Commands:\n");
      const withStack = [...list.matchAll(/^ {2}([a-z]+) (?:\[options\] )?<stack>/gm)];
      assert.deepEqual(
        stackCommands,
        withStack.map(([, word]) => word),
        name,
      );
      const listed = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, word]) => word);
      assert.deepEqual(
        [...commands].sort(),
        listed.filter((word) => word !== "help" && word !== "npx").sort(),
        name,
      );
    }
  });

  it("lists its verbs if one is unknown, suggests the nearest one, and exits with 1", () => {
    const { status, stderr } = run("previw");
    assert.equal(status, 1);
    const message = 'verb: expected one of those below, got "previw"; did you mean "preview"?';
    assert.equal(stderr, `${message}\n\n${helpText()}\n`);
    for (const [args, got] of [
      [["local"], '"local"'],
      [["local", "upp", "--gray"], '"local upp"; did you mean "local up"?'],
    ] as const) {
      const text = `verb: expected one of those below, got ${got}\n\n${helpText("local")}`;
      assert.equal(unknownVerbText(args), text);
    }
    assert.match(unknownVerbText(["xyz"]), /got "xyz"\n/);
  });

  it("has a help for the first word of each verb, and for a verb after the word help", () => {
    const below = Object.keys(verbs).filter((name) => name.startsWith("local "));
    const listed = [...helpText("local").matchAll(/^ {2}(local \w+) /gm)].map(([, name]) => name);
    assert.deepEqual(listed, below);
    const beginnings = Object.keys(verbs).filter((name) => name.includes(" "));
    for (const word of new Set(beginnings.map((name) => name.split(" ")[0] ?? ""))) {
      assert.equal(helpAsked([word, "--help"]), helpText(word));
      assert.equal(helpAsked([word, "-h"]), helpText(word));
    }
    assert.deepEqual(withHelpLast(["help", "config", "set"]), ["config", "set", "--help"]);
    assert.deepEqual(withHelpLast(["help"]), ["--help"]);
    assert.equal(helpAsked(["previw", "--help"]), undefined);
    const { status, stdout } = run("help", "local");
    assert.equal(status, 0);
    assert.equal(stdout, `${helpText("local")}\n`);
  });

  it("is called without former options by the pages, the pipelines and the messages", () => {
    const warnings = writtenFiles().flatMap((file) =>
      commandsInText(readFileSync(join(checkout, file), "utf8"), file).flatMap(({ words }) => {
        const found = verbOf(words);
        const texts: string[] = [];
        // As in a command: a stack without a name is an error.
        if (found !== undefined && !words.includes("--stack"))
          argumentsOf(found.verb, found.rest, (text) => texts.push(`${file}: ${text}`));
        return texts;
      }),
    );
    assert.deepEqual(warnings, []);
  });

  it("runs a verb with the rest of the command line, from any folder", () => {
    const { status, stdout } = run("versions", "pin", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /--from <registry=address>/);
  });
});

/** Files in which people and machines read how to call the project, by their paths in the checkout. */
function writtenFiles(): string[] {
  const folders = [".ci", ".github", "bench", "bin", "ci", "cli", "components", "config", "docs"];
  const below = [...folders, "engine", "local", "policy", "program", "releases"].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(png|svg|schema\.json)$/.test(entry.name))
      .map((entry) => relative(checkout, join(entry.parentPath, entry.name))),
  );
  const top = readdirSync(checkout, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(package.*|CHANGELOG.md)$/.test(entry.name))
    .map(({ name }) => name);
  return [...below, ...top];
}

function run(...args: string[]) {
  return spawnSync(process.execPath, [join(checkout, "bin", "platform.mjs"), ...args], {
    cwd: "/",
    encoding: "utf8",
  });
}

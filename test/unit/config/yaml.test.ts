import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configIn, readYaml } from "../../../config/yaml";
import { StackFile } from "../../../cli/release/stack-file";
import { YamlFile } from "../../../cli/release/yaml-file";
import { stackFileConfig } from "../../../config/stack-file";
import { discover } from "../../../cli/stacks/discover";
import { runHere } from "../../support/commands";

/** Small, but larger than any memory when every alias is expanded. */
const bomb = `config:
  a: &a [x, x, x, x, x, x, x, x, x]
${"bcdefghi"
  .split("")
  .map((name, index) => {
    const former = "abcdefgh"[index] ?? "";
    return `  ${name}: &${name} [${Array.from({ length: 9 }, () => `*${former}`).join(", ")}]`;
  })
  .join("\n")}
  platform:apps: *i
`;

function ladder(steps: number): string {
  return Array.from({ length: steps }, (_, step) => `${" ".repeat(step)}a:`).join("\n");
}

const files: [what: string, text: string | Buffer, message: RegExp][] = [
  ["aliases of aliases", bomb, /cannot be read: Excessive alias count/],
  ["no YAML", "a: [", /is not valid YAML: /],
  ["the same key twice", "config:\n  a: 1\n  a: 2\n", /is not valid YAML: Map keys must be unique/],
  [
    "two keys twice",
    "config:\n  a: { b: 1, b: 2 }\n  a: 2\n",
    /is not valid YAML: Map keys must be unique: "a" at line 3, "b" at line 2 are repeated/,
  ],
  [
    "two merges",
    "config:\n  a: &a {}\n  b: { <<: *a, <<: *a }\n",
    /Map keys must be unique: "<<" at line 3 is the second one/,
  ],
  [
    "an alias of nothing",
    "config:\n  hostname: *.example.com\n  other: *any\n",
    /expected an alias of an anchor that is set before it, got \*\.example\.com at line 2, \*any at line 3; write a text in quotes: "\*\.example\.com"/,
  ],
  [
    "a schedule without quotes",
    "config:\n  schedule: */5 * * * *\n",
    /is not valid YAML: .*at line 2, column \d+; write a text that starts with such a character in quotes/,
  ],
  [
    "a user without quotes",
    "config:\n  user: @ops\n",
    /reserved character @ at line 2, column \d+; write a text that starts with such a character in quotes/,
  ],
  [
    "a colon of full width",
    "config:\n  shop\uff1a\n    a: 1\n",
    /is not valid YAML: .*; a colon of full width \(U\+FF1A\) is part of a text: write : and a space/,
  ],
  ["a list", "- config\n", /\.yaml: expected a mapping, got a list; write keys and values/],
  ["a string", "config", /\.yaml: expected a mapping, got a single value; write keys and values/],
  ["a config that is a list", "config: [a]\n", /\.yaml: config: expected a mapping, got a list/],
  [
    "no text",
    Buffer.from([0, 255, 254, 1, 128]),
    /cannot be read: expected text in UTF-8, got other bytes at line 1; save it as UTF-8/,
  ],
  [
    "text in GBK",
    Buffer.from("config:\n  platform:a: \xd6\xd0\xce\xc4\n", "latin1"),
    /cannot be read: expected text in UTF-8, got other bytes at line 2; save it as UTF-8/,
  ],
  [
    "text in UTF-16",
    Buffer.from("\ufeffconfig:\n", "utf16le"),
    /cannot be read: expected text in UTF-8, got other bytes at line 1/,
  ],
  [
    "characters that end a line for the engine only",
    "config:\n  a: x\u2028y\n  # c\u0085d\n  b: |\n    c\rd\n",
    /cannot be read: .* got U\+2028 at line 2, U\+0085 at line 3, U\+000D at line 5; remove them/,
  ],
  [
    "characters that the engine refuses",
    `config:\n  a: "\u0001"\n  \ufeffb: "${"\u007f".repeat(20)}"\n`,
    /got U\+0001 at line 2, U\+FEFF at line 3, (U\+007F at line 3, ){8}more; remove them/,
  ],
  ["tabs", "config:\n\ta: 1\n", /is not valid YAML: Tabs are not allowed as indentation at line 2/],
  [
    "several documents",
    "config: {}\n---\nconfig: {}\n",
    /is not valid YAML: .*expected one document, got a second one/,
  ],
  [
    "brackets without an end",
    `config: ${"[".repeat(200_000)}`,
    /cannot be read: it has more than 80 levels/,
  ],
  [
    "dashes without an end",
    `config:\n  ${"- ".repeat(200_000)}`,
    /cannot be read: it has more than 80 le/,
  ],
  ["ever more indentation", ladder(500), /cannot be read: it has more than 80 levels/],
  [
    "very many aliases",
    `config: &a 1\n${"b: *a\n".repeat(2000)}`,
    /more than 1000 anchors, aliases/,
  ],
  [
    "more than anybody writes",
    `# ${"x".repeat(9 * 1024 * 1024)}\n`,
    /expected at most \d+ MiB, got 10/,
  ],
];

describe("a stack's file", function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "yaml-"));
    file = join(folder, "Pulumi.dev.yaml");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [what, text, message] of files) {
    it(`of ${what} is refused with its name by everything that reads it`, () => {
      writeFileSync(file, text);
      const readers: (() => unknown)[] = [
        () => stackFileConfig("dev", folder),
        () => new StackFile("dev", folder).values(),
      ];
      for (const reader of readers) {
        assert.throws(reader, (error: unknown) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, message);
          assert.ok(error.message.includes(file));
          assert.ok(error.message.length < 2000);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        });
      }
      assert.match(discover(folder)[0]?.error ?? "", message);
    });
  }

  it("has nothing next to its config that the engine would ignore", () => {
    writeFileSync(file, "config:\n  platform:a: b\nplatform:apps: {}\nx-a: b\n");
    assert.throws(() => stackFileConfig("dev", folder), {
      message: `${file} has keys that nothing reads.\n  platform:apps: expected one of the keys config, encryptedkey, encryptionsalt, environment, secretsprovider, or x- and a name, got "platform:apps"; indent what belongs to the config below config:`,
    });
  });

  it("may be empty, have no config, or use an alias", () => {
    for (const text of ["", "# nothing\n", "config:\n", "encryptionsalt: v1\n"]) {
      writeFileSync(file, text);
      assert.deepEqual(configIn(file, readYaml(file).document), {});
      assert.deepEqual(new StackFile("dev", folder).values(), {});
    }
    writeFileSync(
      file,
      "config:\n  platform:a: &x {b: 1}\n  platform:c: *x\n  platform:d: {<<: *x, e: 2}\n",
    );
    assert.deepEqual(stackFileConfig("dev", folder), {
      "platform:a": { b: 1 },
      "platform:c": { b: 1 },
      // As the engine reads it.
      "platform:d": { b: 1, e: 2 },
    });
  });

  it("may have the line ends and the byte order mark of another system", () => {
    writeFileSync(file, "\uFEFFconfig:\r\n  platform:a: x\r\n  platform:b: |\r\n    y\r\n");
    assert.deepEqual(stackFileConfig("dev", folder), { "platform:a": "x", "platform:b": "y\n" });
    assert.deepEqual(new StackFile("dev", folder).values(), { a: "x", b: "y\n" });
  });

  it("is not written with an unreadable character", () => {
    writeFileSync(file, "config:\n  platform:a: x\n");
    const written = new YamlFile(file);
    written.setScalar(["config", "platform:a"], "y\u2028z");
    assert.throws(() => {
      written.save();
    }, /Pulumi\.dev\.yaml cannot be written: .* got U\+2028 at line 2; remove them/);
    assert.deepEqual(stackFileConfig("dev", folder), { "platform:a": "x" });
  });

  it("may have many keys, brackets in texts, and many values side by side", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `  platform:a${index}: {b: [c]}`);
    const text = `  platform:text: |\n    ${"[".repeat(200)}\n    ${"- ".repeat(200)}\n  platform:quoted: "${"{".repeat(200)}"`;
    writeFileSync(file, ["config:", ...keys, text].join("\n"));
    assert.equal(Object.keys(stackFileConfig("dev", folder)).length, 20_002);
  });

  it("must not be a folder", () => {
    mkdirSync(file);
    assert.throws(() => stackFileConfig("dev", folder), /Pulumi\.dev\.yaml cannot be read: EISDIR/);
    assert.match(discover(folder)[0]?.error ?? "", /Pulumi\.dev\.yaml cannot be read: EISDIR/);
  });

  it("that is a YAML bomb ends each command with one line, not a stack trace", async () => {
    writeFileSync(file, bomb);
    const stack = ["dev", "--config-file", file];
    const commands = [
      ["release", "status", "shop", "--stack", ...stack],
      ["stacks", "list", "--config-dir", folder],
      ["preview", ...stack],
      ["up", ...stack, "--plan-hash", "0".repeat(64)],
      ["policy", "dev", "--config-dir", folder],
      ["render", "dev", join(folder, "out")],
    ];
    const former = process.cwd();
    for (const command of commands) {
      process.chdir(folder);
      const { stdout, stderr } = await runHere(...command).finally(() => process.chdir(former));
      assert.match(stdout + stderr, /Pulumi\.dev\.yaml cannot be read: Excessive alias count/);
      assert.doesNotMatch(stdout + stderr, /\n {4}at /);
    }
  });
});

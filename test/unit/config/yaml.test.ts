import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configIn, readYaml } from "../../../config/yaml";
import { checkout } from "../../../local/toolchain/paths";
import { StackFile } from "../../../release/commands/stack-file";
import { stackFileConfig } from "../../../render/stack-file";
import { discover } from "../../../stacks/commands/discover";

/** Small, and with every alias written out larger than any memory. */
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

const files: [what: string, text: string, message: RegExp][] = [
  ["aliases of aliases", bomb, /is not read: Excessive alias count/],
  ["no YAML", "a: [", /is no valid YAML: /],
  ["the same key twice", "config:\n  a: 1\n  a: 2\n", /is no valid YAML: Map keys must be unique/],
  ["an alias of nothing", "config: *nothing\n", /Unresolved alias/],
  ["a list", "- config\n", /is no stack's file: the file is not a mapping of keys/],
  ["a text", "config", /is no stack's file: the file is not a mapping of keys/],
  ["a config that is a list", "config: [a]\n", /is no stack's file: config is not a mapping/],
  ["several documents", "config: {}\n---\nconfig: {}\n", /is no valid YAML: .*multiple documents/],
  ["nesting without an end", `config: ${"[".repeat(200_000)}`, /is (not read|no valid YAML): /],
  ["more than anybody writes", `# ${"x".repeat(9 * 1024 * 1024)}\n`, /is not read: it has 10 MiB/],
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
    it(`of ${what} is refused by whoever reads it, with its name`, () => {
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
          return true;
        });
      }
      assert.match(discover(folder)[0]?.error ?? "", message);
    });
  }

  it("may be empty, have no config, or use an alias", () => {
    for (const text of ["", "# nothing\n", "config:\n", "encryptionsalt: v1\n"]) {
      writeFileSync(file, text);
      assert.deepEqual(configIn(file, readYaml(file).document), {});
      assert.deepEqual(new StackFile("dev", folder).values(), {});
    }
    writeFileSync(file, "config:\n  a: &x {b: 1}\n  c: *x\n");
    assert.deepEqual(stackFileConfig("dev", folder), { a: { b: 1 }, c: { b: 1 } });
  });

  it("that is a bomb ends each command with a line and not a stack trace", () => {
    writeFileSync(file, bomb);
    const commands = [
      ["release/commands/index.ts", "status", "shop", "--stack", "dev", "--config-file", file],
      ["stacks/commands/index.ts", "list", "--config-dir", folder],
    ];
    for (const args of commands) {
      const { stdout, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", ...args], {
        cwd: checkout,
        encoding: "utf8",
      });
      assert.match(stdout + stderr, /Pulumi\.dev\.yaml is not read: Excessive alias count/);
      assert.doesNotMatch(stdout + stderr, /\n {4}at /);
    }
  });
});

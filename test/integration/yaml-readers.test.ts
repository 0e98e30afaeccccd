import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { configIn, readYaml } from "../../config/yaml";
import { ambiguousScalars } from "../../config/yaml-scalars";
import { ensureBinary } from "../../local/toolchain/install";
import { run } from "../../local/toolchain/run";
import { seedOf } from "../support/seed";

const seed = seedOf("YAML_SEED");
const count = 5000;

/** Elements of YAML numbers, dates, special characters and words. */
const parts = [
  ...[
    "0",
    "1",
    "7",
    "8",
    "9",
    "12",
    "_",
    ".",
    "-",
    "+",
    ":",
    "e",
    "E",
    "x",
    "X",
    "o",
    "O",
    "b",
    "B",
  ],
  ...[
    "a",
    "F",
    "inf",
    "Inf",
    "NAN",
    "nan",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "False",
    "~",
  ],
  ...[
    "null",
    "NULL",
    "T",
    "Z",
    "2024-01-02",
    "10:20",
    " ",
    "<<",
    "=",
    "!!str ",
    "!!int ",
    "!!float ",
  ],
  ...["!own ", "%", "Mi", "/", "@x", "é"],
];

/** A random number generator with a seed. */
function numbers(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Returns texts that this program parses as one scalar. */
function scalars(): string[] {
  const below = numbers(seed);
  const found = new Set<string>();
  for (let at = 0; at < count; at += 1) {
    const length = 1 + below(5);
    const text = Array.from({ length }, () => parts[below(parts.length)]).join("");
    const document = parseDocument(`config:\n  platform:apps:\n    v: ${text}\n`, {
      logLevel: "silent",
    });
    const isValid = document.errors.length === 0 && text.trim() === text;
    if (isValid && ambiguousScalars(document).length === 0) found.add(text);
  }
  return [...found];
}

/** Uses the real engine: its result is what the program receives. */
describe(`the engine and this program read the same (YAML_SEED=${seed})`, () => {
  const folder = mkdtempSync(join(tmpdir(), "yaml-"));
  after(() => rmSync(folder, { recursive: true }));

  it("from every unquoted scalar and every merge that is accepted", async () => {
    const pulumi = await ensureBinary("pulumi");
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const texts = scalars();
    assert.ok(texts.length > count / 10, String(texts.length));
    const file = join(folder, "Pulumi.dev.yaml");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: platform\nruntime: nodejs\n");
    await run(pulumi, ["stack", "init", "dev", "--cwd", folder], { env });
    const merges = [
      "  platform:base: &base { a: 1, b: { c: 2 } }",
      "  platform:other: &other { a: 3, d: 4 }",
      "  platform:first: { <<: [*base, *other], e: 5 }",
      "  platform:second: { d: 6, <<: *other }",
    ];
    const lines = texts.map((text, at) => `    - { v${at}: ${text} }`.replace(/[{}]/g, ""));
    writeFileSync(file, ["config:", ...merges, "  platform:values:", ...lines, ""].join("\n"));
    const own = configIn(file, readYaml(file).document);
    const output = await run(pulumi, ["config", "--json", "--stack", "dev", "--cwd", folder], {
      env,
    });
    const engine = JSON.parse(output) as Record<string, { objectValue: unknown }>;
    const difference = (own["platform:values"] as object[]).flatMap((value, at) => {
      const other = (engine["platform:values"]?.objectValue as object[])[at];
      return JSON.stringify(value) === JSON.stringify(other) ? [] : [{ value, other }];
    });
    assert.deepEqual(difference, []);
    for (const key of ["base", "other", "first", "second"]) {
      assert.deepEqual(engine[`platform:${key}`]?.objectValue, own[`platform:${key}`]);
    }
  });
});

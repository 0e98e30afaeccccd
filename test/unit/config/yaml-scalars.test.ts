import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { stackFile, stacks } from "../../../config/stack-file";
import { readYaml } from "../../../config/yaml";
import { ambiguousScalars } from "../../../config/yaml-scalars";

function found(text: string): string[] {
  return ambiguousScalars(
    parseDocument(`config:\n  platform:apps:\n    shop: { value: ${text} }\n`),
  );
}

describe("an unquoted scalar", () => {
  for (const text of [
    ...[
      "012",
      "-012",
      "08",
      "0o17",
      "0b101",
      "-0x1F",
      "0x1_F",
      "0X1F",
      "0O17",
      "0B11",
      "1_000_000",
      "1_0.5",
    ],
    ...["12:30", "190:20:30", "12e3", "12e4567", "1.5e+3", ".inf", "-.Inf", ".NaN"],
    ...["2024-02-01", "2024-2-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43"],
    ...["yes", "No", "ON", "off", "y", "N", "=", "12345678901234567890"],
  ]) {
    it(`is refused, because its parsers differ: ${text}`, () => {
      const [line = "", ...others] = found(text);
      assert.deepEqual(others, []);
      assert.ok(line.startsWith(`platform:apps.shop.value: ${text} is `), line);
      assert.ok(line.includes(`write it in quotes: "${text}"`), line);
      assert.deepEqual(found(`"${text}"`), []);
      assert.deepEqual(found(`'${text}'`), []);
    });
  }

  for (const text of [
    ...["12", "-12", "+12", "0", "0.5", ".5", "1.10", "0x1F", "true", "False", "null", "~"],
    ...["1.2.3", "v1.2.3", "1d", "10Gi", "250m", "a:b", "10.0.0.0/8", "0s", "nothing", "yesterday"],
    ...["2024-02", "12-30", "3f2c1a9", "_1", "one_two"],
  ]) {
    it(`is accepted, because all parsers read the same: ${text}`, () => {
      assert.deepEqual(found(text), []);
    });
  }

  for (const [text, place] of [
    ['!!float "5"', "shop.value: the tag tag:yaml.org,2002:float"],
    ["!!binary aGk=", "shop.value: the tag tag:yaml.org,2002:binary"],
    ["!!timestamp 2024-01-01", "shop.value: the tag tag:yaml.org,2002:timestamp"],
    ["!!set { a }", "shop.value: the tag tag:yaml.org,2002:set"],
    ['!!int "5"', "shop.value: the tag tag:yaml.org,2002:int"],
    ["!own a", "shop.value: the tag !own"],
    ["{ ~: a }", 'shop.value["~"]: an empty key'],
    ['{ "<<": { a: b } }', 'shop.value["<<"]: "<<" in quotes'],
  ] as const) {
    it(`is refused with its tag or as a key: ${text}`, () => {
      const [line = "", ...others] = found(text);
      assert.deepEqual(others, []);
      assert.ok(line.startsWith(`platform:apps.${place} means different `), line);
    });
  }

  for (const text of ["!!str 5", "!!map { a: b }", "!!seq [a]", "&a 5"]) {
    it(`is accepted with a tag or an anchor that all parsers know: ${text}`, () => {
      assert.deepEqual(found(text), []);
    });
  }

  it("is named with its place in lists or as a key, and with the number that may be meant", () => {
    const text =
      "config:\n  platform:apps:\n    shop:\n      ports: [80, 012]\n      env: { on: x }\n";
    const [first = "", second = ""] = ambiguousScalars(parseDocument(text));
    assert.match(first, /^platform:apps\.shop\.ports\[1\]: 012 is .*"012", or the number as 12$/);
    assert.match(second, /^platform:apps\.shop\.env\.on: on is true or false/);
  });

  it("is quoted by every command that writes a stack's file", () => {
    const folder = mkdtempSync(join(tmpdir(), "scalars-"));
    try {
      const file = join(folder, "Pulumi.prod.yaml");
      writeFileSync(file, "config:\n  a: {}\n");
      const { document } = readYaml(file);
      for (const text of ["2024-02-01", "012", "on", "12:30", "1_000"]) {
        document.setIn(["config", "a", "value"], text);
        writeFileSync(file, String(document));
        assert.deepEqual(readYaml(file).document.getIn(["config", "a", "value"]), text);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("does not occur in the stacks of this repository", () => {
    for (const stack of stacks()) assert.ok(readYaml(stackFile(stack)).text.length > 0);
  });
});

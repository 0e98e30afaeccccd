import assert from "node:assert/strict";
import { readOptions, splitArguments } from "../../../../local/plugins/language-nodejs/options";

describe("runtime options", () => {
  it("have the defaults of the official host", () => {
    assert.deepEqual(readOptions({}), {
      typescript: true,
      nodeargs: [],
      tsconfig: undefined,
      packagemanager: "npm",
    });
  });

  it("are read from Pulumi.yaml", () => {
    const options = readOptions({
      ...{ typescript: false, nodeargs: "--require tsx/cjs" },
      ...{ tsconfig: "tsconfig.program.json", packagemanager: "auto" },
    });
    assert.deepEqual(options.nodeargs, ["--require", "tsx/cjs"]);
    assert.equal(options.typescript, false);
    assert.equal(options.tsconfig, "tsconfig.program.json");
  });

  it("report invalid values", () => {
    assert.throws(() => readOptions({ typescript: "no" }), {
      message: 'Pulumi.yaml: runtime.options.typescript: expected true or false, got "no".',
    });
    assert.throws(() => readOptions({ nodeargs: ["--a"] }), /expected a string/);
    assert.throws(() => readOptions({ packagemanager: "yarn" }), /expected npm/);
  });
});

describe("splitArguments", () => {
  it("splits as a shell does", () => {
    const cases: [string, string[]][] = [
      ["", []],
      ["  --a   -b ", ["--a", "-b"]],
      [`--name="two words" 'it is' x\\ y`, ["--name=two words", "it is", "x y"]],
      [`"a \\"quote\\"" 'back\\slash'`, ['a "quote"', "back\\slash"]],
      [`""`, [""]],
    ];
    for (const [line, args] of cases) assert.deepEqual(splitArguments(line), args, line);
  });

  it("refuses an open quote", () => {
    assert.throws(() => splitArguments(`--a "b`), /expected closed quotes/);
    assert.throws(() => splitArguments(`a\\`), /backslash at the end/);
  });
});

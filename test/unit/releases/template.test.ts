import assert from "node:assert/strict";
import fc from "fast-check";
import { isWeight, type Json, type Template } from "../../../releases";
import { canonical, differences, isTemplate, templateHash } from "../../../releases/template";
import { split, type Weight } from "../../../releases/weight";

const jsonMap = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)) as Template);

describe("a template", () => {
  it("has one hash, whatever the order of its keys", () => {
    assert.equal(
      templateHash({ a: 1, b: { c: 2, d: 3 } }),
      templateHash({ b: { d: 3, c: 2 }, a: 1 }),
    );
    assert.notEqual(templateHash({ a: [1, 2] }), templateHash({ a: [2, 1] }));
    assert.match(templateHash({}), /^[0-9a-f]{16}$/);
  });

  const cases: [before: Json | undefined, after: Json | undefined, paths: string[]][] = [
    [{ a: 1 }, { a: 1 }, []],
    [{ env: { A: "1", B: "2" } }, { env: { A: "1", B: "3", C: "4" } }, ["env.B", "env.C"]],
    [{ args: ["a", "b"] }, { args: ["a", "c", "d"] }, ["args[1]", "args[2]"]],
    [{ list: [{ image: "x" }] }, { list: [{ image: "y" }] }, ["list[0].image"]],
    [{ files: { "/etc/a.b": "1" } }, { files: { "/etc/a.b": "2" } }, ['files["/etc/a.b"]']],
    [{ probes: { ready: {} } }, {}, ["probes"]],
    [{ a: null }, {}, ["a"]],
    [{ a: [] }, { a: {} }, ["a"]],
    [{}, { constructor: "x" }, ["constructor"]],
    [JSON.parse('{"__proto__": 1}') as Json, {}, ["__proto__"]],
  ];
  for (const [before, after, paths] of cases) {
    it(`${JSON.stringify(before)} → ${JSON.stringify(after)} differs in ${paths.join(", ") || "nothing"}`, () =>
      assert.deepEqual(differences(before, after), paths));
  }

  it("has no difference exactly if its hash is the same", () => {
    fc.assert(
      fc.property(jsonMap, jsonMap, (a, b) => {
        assert.deepEqual(differences(a, JSON.parse(canonical(a)) as Json), []);
        assert.equal(differences(a, b).length === 0, templateHash(a) === templateHash(b));
      }),
    );
  });

  it("is a map of JSON", () => {
    assert.ok(isTemplate({ a: [1, null, { b: "c" }] }));
    for (const value of [null, [], "x", { a: undefined }, { a: [() => 1] }]) {
      assert.ok(!isTemplate(value));
    }
  });
});

describe("a weight", () => {
  it("is a whole number from 0 to 100", () => {
    assert.deepEqual([0, 1, 100].filter(isWeight), [0, 1, 100]);
    assert.deepEqual([-1, 101, 0.5, NaN, Infinity].filter(isWeight), []);
    const most: Weight = 100;
    // @ts-expect-error 101 is no share
    const more: Weight = 101;
    assert.ok(more > most);
  });

  it("leaves the rest to stable", () => {
    assert.deepEqual(split(0), { stable: 100, canary: 0 });
    assert.deepEqual(split(100), { stable: 0, canary: 100 });
  });
});

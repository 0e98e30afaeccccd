import assert from "node:assert/strict";
import fc from "fast-check";
import program from "../../../index";
import { InvalidConfig, parseStack, ProgramError } from "../../../config";
import { stackShape } from "../../../config/stack";
import { platformValues } from "../../../config/yaml";
import { record } from "../../../render/record";
import { stackFileConfig } from "../../../config/stack-file";
import { anySections, anyValue, mutated } from "./arbitrary";
import { long } from "../../support/long";
import { small } from "./small";

/** Cases of a property with random values; at night there are more. */
const cases = long ? 500 : 150;
/** Entries of each map in the largest config that is checked to its end. */
const entries = long ? 2000 : 500;

/** Whether a config is valid; fails if it throws anything other than its list of errors. */
function accepted(values: Record<string, unknown>): boolean {
  try {
    parseStack("fuzz", values);
    return true;
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    assert.ok(error.errors.length > 0);
    for (const { key, message } of error.errors) {
      assert.match(key, /^platform:/);
      assert.ok(message.length > 0 && message.length < 2000, message);
    }
    assert.ok(error.message.length < 100_000, `a message of ${error.message.length} characters`);
    return false;
  }
}

function errors(values: unknown): string[] {
  try {
    parseStack("fuzz", values as Record<string, unknown>);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

/** Returns the small config with a string replaced everywhere. */
function replaced(from: string, to: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(small).replaceAll(from, to)) as Record<string, unknown>;
}

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

describe("arbitrary configs", function () {
  this.timeout(120_000);

  it("of arbitrary JSON are refused with errors, and never with a crash", () => {
    fc.assert(
      fc.property(anySections(Object.keys(stackShape)), (values) => {
        accepted(values);
      }),
      { numRuns: cases },
    );
  });

  it("with one section of arbitrary JSON are refused with errors", () => {
    for (const section of Object.keys(stackShape)) {
      fc.assert(
        fc.property(anyValue, (value) => {
          accepted({ [section]: value });
        }),
        { numRuns: cases / 10 },
      );
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`that almost equal that of ${stack} are accepted, or refused with errors`, () => {
      const seen = new Set<boolean>();
      fc.assert(
        fc.property(mutated(platformValues(stackFileConfig(stack))), (values) => {
          seen.add(accepted(values));
        }),
        { numRuns: cases },
      );
      assert.equal(seen.size, 2);
    });
  }

  it("that are accepted can be declared, or are refused with a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(mutated(small).filter(accepted), async (values) => {
        const config = Object.entries(values).map(([key, value]) => [`platform:${key}`, value]);
        try {
          await record(program, "fuzz", Object.fromEntries(config) as Record<string, unknown>);
        } catch (error) {
          assert.ok(error instanceof ProgramError, error instanceof Error ? error.stack : "");
        }
      }),
      { numRuns: long ? 15 : 6 },
    );
  });
});

describe("a malicious config", function () {
  this.timeout(120_000);

  it("that is not a mapping is refused", () => {
    for (const value of [null, undefined, 1, "x", [1]]) {
      assert.match(errors(value).join(), /^platform:: expected a mapping of keys, got .*$/);
    }
  });

  it("of extreme depth is refused before anything else reads it", () => {
    for (const wrap of [(inner: unknown) => ({ a: inner }), (inner: unknown) => [inner]]) {
      const [only, ...others] = errors({ ...small, apps: nested(100_000, wrap) });
      assert.match(
        only ?? "",
        /^platform:apps\S+: expected at most 64 levels of nesting, got more/,
      );
      assert.deepEqual(others, []);
    }
  });

  it("of extreme depth is refused if it comes from the engine as well", async () => {
    const config = { "platform:apps": `${"[".repeat(100_000)}${"]".repeat(100_000)}` };
    await assert.rejects(
      record(program, "fuzz", config),
      /platform:apps\S+: expected at most 64 levels/,
    );
  });

  it("that contains itself is refused", () => {
    const loop: Record<string, unknown> = {};
    loop["apps"] = { shop: loop, news: loop };
    assert.match(errors(loop).join(), /expected at most 64 levels/);
  });

  it("with __proto__ anywhere is refused, because it would be ignored", () => {
    const at = (from: string, to: string) => errors(replaced(from, to));
    const error = "expected a name other than __proto__, got __proto__";
    assert.deepEqual(at('"shop":{"team"', '"__proto__":{"team"'), [
      `platform:apps.__proto__: ${error}`,
    ]);
    assert.deepEqual(at('"LOG_LEVEL"', '"__proto__"'), [
      `platform:apps.shop.env.__proto__: ${error}`,
    ]);
    assert.deepEqual(at('"environment"', '"__proto__":{"domain":"x"},"environment"'), [
      `platform:__proto__: ${error}`,
    ]);
    assert.deepEqual(at('"name":"migrate"', '"name":"migrate","__proto__":1'), [
      `platform:apps.shop.initContainers[0].__proto__: ${error}`,
    ]);
  });

  it("with a name or a version that every object has is refused", () => {
    const text = 'a name that is not built into JavaScript, such as "constructor" or "toString"';
    assert.ok(
      errors(replaced('"commerce"', '"constructor"')).includes(
        `platform:components.tenancy.teams.constructor: expected ${text}, got "constructor"`,
      ),
    );
    assert.deepEqual(errors(replaced('"shop":{"team"', '"constructor":{"team"')), [
      `platform:apps.constructor: expected ${text}, got "constructor"`,
    ]);
    assert.deepEqual(errors(replaced('"1.4.2"', '"toString"')), [
      `platform:apps.shop.stable.version: expected ${text}, got "toString"`,
    ]);
  });

  it("with names that are too long for Kubernetes is refused", () => {
    const [longest, tooLong] = ["a".repeat(40), "a".repeat(41)];
    assert.deepEqual(errors(replaced('"shop":{"team"', `"${longest}":{"team"`)), []);
    assert.match(
      errors(replaced('"shop":{"team"', `"${tooLong}":{"team"`)).join(),
      /expected a name .* at most 40 characters/,
    );
    assert.match(
      errors(both()).join(),
      /expected at most 63 characters in the Service name .* of 81/,
    );

    function both(): Record<string, unknown> {
      const text = JSON.stringify(small)
        .replaceAll('"shop":{"team"', `"${longest}":{"team"`)
        .replaceAll('"pay"', `"${longest}"`);
      return JSON.parse(text) as Record<string, unknown>;
    }
  });

  it("with control characters and reversed text is shown in plain characters on one line", () => {
    for (const odd of ["a\nb", "\u001b[31mred", "\u202Epohs", "\u0007"]) {
      for (const values of [{ [odd]: 1 }, { apps: { [odd]: {} } }, { domain: odd }]) {
        for (const text of errors(values)) {
          // eslint-disable-next-line no-control-regex
          assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        }
      }
    }
    assert.ok(
      errors({ "a\nb": 1 }).some((text) =>
        text.startsWith('platform:["a\\nb"]: expected one of the keys'),
      ),
    );
  });

  it("of huge maps is refused in one short message", () => {
    const many = (count: number, value: unknown, prefix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value]));
    const team = (app: object, index: number) => ({
      ...app,
      team: `u${index}`,
      nodeGroup: `n${index}`,
    });
    const cases: Record<string, unknown>[] = [
      many(20_000, 1, "key"),
      { ...small, apps: many(150_000, {}, "App") },
      {
        ...small,
        components: { tenancy: { teams: many(entries, {}, "t") } },
        nodeGroups: many(entries, { labels: { a: "b" } }, "g"),
        apps: Object.fromEntries(
          Array.from({ length: entries }, (_, index) => [
            `a${index}`,
            team(small.apps.shop, index),
          ]),
        ),
      },
      { ...small, domain: "a".repeat(10_000_000) },
      { ...small, ["x".repeat(1_000_000)]: 1 },
    ];
    for (const values of cases) assert.equal(accepted(values), false);
  });
});

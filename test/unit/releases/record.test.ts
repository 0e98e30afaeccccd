import assert from "node:assert/strict";
import { mapTemplates, parseAppRecord, type AppRecord } from "../../../releases";
import { recordedTemplate } from "../../../releases";
import { promoted, Story, template, withCanary } from "./story";

/** Returns a record with one change. */
function damaged(change: (record: AppRecord) => void): unknown {
  const record = JSON.parse(JSON.stringify(withCanary().record)) as AppRecord;
  change(record);
  return record;
}

const canary = (record: AppRecord) => record.releases["1.5.0"] ?? assert.fail();

describe("an app's record", () => {
  it("is unchanged after a conversion to JSON and back", () => {
    const { record } = promoted();
    assert.deepEqual(parseAppRecord(JSON.parse(JSON.stringify(record)), "shop"), record);
  });

  it("contains a template once, however many releases share it", () => {
    const story = new Story();
    story.up({ canary: { version: "1.5.0", weight: 10 } }, 0);
    assert.deepEqual(Object.values(story.record?.templates ?? {}), [template("info")]);
  });

  const cases: [what: string, problem: string, value: unknown][] = [
    ["nothing", "Invalid input: expected object, received undefined", undefined],
    ["a text", "Invalid input: expected object, received string", "lost"],
    ["a list", "Invalid input: expected object, received array", []],
    [
      "no schema",
      "schema: Invalid input: expected 1; changedAt: Invalid input: expected string, received undefined; stable: Invalid input: expected string, received undefined; retained: Invalid input: expected array, received undefined; releases: Invalid input: expected record, received undefined; templates: Invalid input: expected record, received undefined; configTemplate: Invalid input: expected string, received undefined; history: Invalid input: expected array, received undefined",
      {},
    ],
    [
      "a stable release without description",
      "release 9.9.9 has a role but no description; release 1.4.2 has no role; release 9.9.9 has no time at which it became stable",
      damaged((it) => (it.stable = "9.9.9")),
    ],
    [
      "a version that is a property of every object",
      "release constructor has a role but no description; release constructor has no time at which it became stable",
      damaged((it) => it.retained.push("constructor")),
    ],
    [
      "a release with two roles",
      "release 1.4.2 has two roles",
      damaged((it) => it.retained.push("1.4.2")),
    ],
    [
      "a weight above 100",
      "canary.weight: expected a whole number from 0 to 100",
      damaged((it) => Object.assign(it.canary ?? {}, { weight: 101 })),
    ],
    [
      "a canary without its beginning",
      "canary 1.5.0 has no time at which it became the canary",
      damaged((it) => delete canary(it).canarySince),
    ],
    [
      "a time that is none",
      "releases.1.5.0.canarySince: Invalid ISO datetime",
      damaged((it) => (canary(it).canarySince = "yesterday")),
    ],
    [
      "a release under another key",
      "release 1.5.0 describes itself as 1.5.0-r2",
      damaged((it) => (canary(it).revision = 2)),
    ],
    [
      "an edited template",
      "template 52d8fb6a1c1e0000 is missing",
      damaged((it) => (it.configTemplate = "52d8fb6a1c1e0000")),
    ],
    [
      "an unknown field",
      'Unrecognized key: "color"',
      damaged((it) => Object.assign(it, { color: "red" })),
    ],
  ];
  for (const [what, problem, value] of cases) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseAppRecord(value, "shop"), {
        name: "UnreadableRecord",
        message:
          `The record of app "shop" in the stack's outputs cannot be read: ${problem}. ` +
          "Nothing was changed. Restore the stack's state from its history.",
      });
    });
  }

  it("is refused when a template is not what was recorded", () => {
    const value = damaged((it) => {
      for (const each of Object.values(it.templates)) each.image = "evil";
    });
    assert.throws(() => parseAppRecord(value, "shop"), /template [0-9a-f]{16} is not what was/);
  });

  it("of another schema says which program can read it", () => {
    assert.throws(() => parseAppRecord({ ...withCanary().record, schema: 2 }, "shop"), {
      message:
        `The record of app "shop" in the stack's outputs cannot be read: it has schema 2, this program reads schema 1. ` +
        "Nothing was changed. Use the version of the program that wrote it.",
    });
  });

  it("stays valid if templates get a new field", () => {
    const story = withCanary();
    const before = story.record ?? assert.fail();
    const after = mapTemplates(before, (old) => ({ ...old, drainSeconds: 30 }));
    assert.deepEqual(parseAppRecord(JSON.parse(JSON.stringify(after)), "shop"), after);
    for (const [key, level] of [
      ["1.4.2", "info"],
      ["1.5.0", "debug"],
    ] as const) {
      const hash = after.releases[key]?.template ?? assert.fail();
      assert.deepEqual(recordedTemplate(after, hash), { ...template(level), drainSeconds: 30 });
    }
    story.record = after;
    const unchanged = story.planned(
      {
        canary: { version: "1.5.0", weight: 10 },
        template: { ...template("debug"), drainSeconds: 30 },
      },
      60,
    );
    assert.deepEqual(unchanged.steps, [{ kind: "nothing", text: "nothing changes" }]);
  });
});

import assert from "node:assert/strict";
import type { DesiredApp, Freeze } from "../../../releases";
import {
  at,
  check,
  debug,
  emergency,
  hour,
  loose,
  promoted,
  Story,
  strict,
  ten,
  texts,
  withCanary,
} from "./story";

describe("a freeze", () => {
  const freezes: Freeze[] = [{ scope: "team commerce", until: at(9 * hour), reason: "sale" }];
  const message = `team commerce is frozen until ${at(9 * hour)}: sale`;
  const remedy = `wait until then; a rollback to a kept release, removing the canary and lowering its weight stay allowed${emergency}`;
  const inForce = [{ kind: "freeze-in-force", text: message }];

  const frozen: [what: string, desired: Partial<DesiredApp>][] = [
    ["a promotion", { stable: { version: "1.5.0", check: check("1.5.0", hour) } }],
    ["a second release", { canary: { version: "1.6.0", weight: 0 } }],
    ["a higher weight", { canary: { ...ten, weight: 11 } }],
  ];
  for (const [what, desired] of frozen) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(withCanary().refused({ template: debug, ...desired, freezes }, 2 * hour), [
        ["frozen", message, remedy],
      ]);
    });
  }

  it("refuses a first deployment, a canary and an update in place", () => {
    const story = new Story(loose);
    assert.deepEqual(story.refused({ freezes }, 0), [["frozen", message, remedy]]);
    story.up({}, 0);
    const canary = { version: "1.5.0", weight: 0 };
    assert.deepEqual(story.refused({ freezes, canary }, 60), [["frozen", message, remedy]]);
    assert.deepEqual(story.refused({ freezes, template: debug }, 60), [
      ["frozen", message, remedy],
    ]);
  });

  it("refuses to end a kept release because fewer are retained", () => {
    const story = new Story({ ...strict, retain: 0 });
    story.record = promoted().record;
    const desired = { stable: { version: "1.5.0" }, template: debug };
    assert.deepEqual(story.refused({ ...desired, freezes }, 2 * hour), [
      ["frozen", message, remedy],
    ]);
    assert.deepEqual(texts(story.up(desired, 2 * hour)), ["retire 1.4.2"]);
  });

  const calm: [what: string, story: () => Story, desired: Partial<DesiredApp>][] = [
    ["no change", withCanary, { canary: ten, template: debug }],
    ["a lower weight", withCanary, { canary: { ...ten, weight: 9 }, template: debug }],
    ["the end of a canary", withCanary, { template: debug }],
    ["a rollback", promoted, { template: debug }],
    ["the undoing of a promotion", promoted, { canary: ten, template: debug }],
  ];
  for (const [what, story, desired] of calm) {
    it(`allows ${what}, with a notice`, () => {
      const { notices } = story().up({ ...desired, freezes }, 2 * hour);
      // What the end of a canary leaves in the config is not relevant.
      assert.deepEqual(
        notices.filter(({ kind }) => kind !== "template-waits"),
        inForce,
      );
    });
  }

  it("yields to an override, which is recorded", () => {
    const story = withCanary();
    const override = { by: "ann", reason: "the sale needs it" };
    story.up({ canary: { ...ten, weight: 50 }, template: debug, freezes, override }, 60);
    assert.deepEqual(story.record?.history[0], {
      at: at(60),
      kind: "override",
      from: "1.4.2",
      to: "1.4.2",
      ...override,
      rules: ["frozen"],
    });
  });

  it("ends at its time and is then a notice", () => {
    const more = { canary: { ...ten, weight: 11 }, template: debug, freezes };
    assert.equal(withCanary().refused(more, 9 * hour - 1).length, 1);
    assert.deepEqual(withCanary().up(more, 9 * hour).notices, [
      {
        kind: "freeze-over",
        text: `the freeze of team commerce ended at ${at(9 * hour)}; remove it`,
      },
    ]);
  });

  it("with an unreadable end stops every update", () => {
    const broken = { freezes: [{ scope: "every app", until: "monday", reason: "sale" }] };
    assert.deepEqual(withCanary().refused({ canary: ten, template: debug, ...broken }, 60), [
      [
        "malformed-freeze",
        'the freeze of every app lasts until "monday", which is not a time',
        "use a UTC time such as 2026-12-24T00:00:00Z, or remove the freeze",
      ],
    ]);
  });
});

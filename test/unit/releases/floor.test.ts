import assert from "node:assert/strict";
import { debug, emergency, hour, promoted, Story, ten, withCanary } from "./story";

describe("noRollbackBelow", () => {
  const remedy = `release a version of at least 1.5.0${emergency}`;

  it("stops a rollback and a canary below it", () => {
    const story = promoted();
    const floor = { noRollbackBelow: "1.5.0", template: debug };
    assert.deepEqual(story.refused(floor, 2 * hour), [
      ["no-rollback-below", "1.4.2 is below noRollbackBelow: 1.5.0", remedy],
    ]);
    const canary = { version: "1.4.9-online-1", revision: 2, weight: 1 };
    assert.deepEqual(story.refused({ ...floor, stable: { version: "1.5.0" }, canary }, 2 * hour), [
      ["no-rollback-below", "1.4.9-online-1-r2 is below noRollbackBelow: 1.5.0", remedy],
    ]);
  });

  it("does not apply to running releases", () => {
    withCanary().up({ canary: ten, template: debug, noRollbackBelow: "1.5.0" }, 60);
  });

  it("cannot be dropped by the very change that goes below it", () => {
    const story = promoted();
    const stable = { version: "1.5.0" };
    story.up({ stable, template: debug, noRollbackBelow: "1.5.0" }, 2 * hour);
    assert.deepEqual(story.refused({ template: debug }, 3 * hour), [
      [
        "no-rollback-below",
        "1.4.2 is below noRollbackBelow: 1.5.0, which the last update had and this change removes",
        `release a version of at least 1.5.0, or remove the floor in a separate update${emergency}`,
      ],
    ]);
    story.up({ stable, template: debug }, 3 * hour);
    story.up({ template: debug }, 4 * hour);
  });

  it("yields to an override", () => {
    const override = { by: "ann", reason: "the migration was undone by hand" };
    const made = promoted().up({ noRollbackBelow: "1.5.0", template: debug, override }, 2 * hour);
    assert.deepEqual(
      made.steps.map(({ kind }) => kind),
      ["override", "rollback"],
    );
  });

  it("reports a version that cannot be compared", () => {
    const canary = { version: "3f2c1a9", weight: 1 };
    const story = new Story();
    story.up({}, 0);
    assert.deepEqual(story.refused({ canary, noRollbackBelow: "1.4.0" }, 60), [
      [
        "no-rollback-below",
        "3f2c1a9 cannot be compared with noRollbackBelow: 1.4.0: it does not begin with a version number",
        `use versions such as 1.4.2 or 1.4.2-online-3f2c1a9${emergency}`,
      ],
    ]);
    assert.deepEqual(story.refused({ noRollbackBelow: "main" }, 60), [
      [
        "malformed-floor",
        "noRollbackBelow: main does not begin with a version number, so nothing can be compared with it",
        "use a version such as 1.4.2, or remove it",
      ],
    ]);
  });
});

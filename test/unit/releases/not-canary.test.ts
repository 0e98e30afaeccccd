import assert from "node:assert/strict";
import {
  at,
  check,
  debug,
  emergency,
  hour,
  loose,
  override,
  promoted,
  shop,
  Story,
  texts,
  withCanary,
} from "./story";

describe("a release that was never canary", () => {
  it("is refused as stable", () => {
    const story = promoted();
    assert.deepEqual(
      story.refused({ stable: { version: "1.5.1", revision: 2 }, template: debug }, 2 * hour),
      [
        [
          "canary-before-stable",
          "1.5.1-r2 is requested as stable, but 1.5.0 is stable; no record shows 1.5.1-r2 as a canary; kept for a rollback: 1.4.2",
          `set canary to { version: 1.5.1, revision: 2, weight: … } first, and promote it after its soak time${emergency}`,
        ],
      ],
    );
  });

  it("is refused as stable next to a canary", () => {
    const desired = { stable: { version: "1.4.3" }, canary: { version: "1.5.0", weight: 10 } };
    assert.deepEqual(withCanary().refused({ ...desired, template: debug }, 9 * hour), [
      [
        "canary-before-stable",
        "1.4.3 is requested as stable, but 1.4.2 is stable and 1.5.0 is the canary; no record shows 1.4.3 as a canary; no former release is kept",
        `set canary to { version: 1.4.3, weight: … } first, and promote it after its soak time${emergency}`,
      ],
    ]);
  });

  it("is allowed if no canary is forced", () => {
    const story = withCanary(loose);
    const desired = { stable: { version: "1.4.3" }, template: debug };
    assert.deepEqual(texts(story.up(desired, 1)), [
      "deploy 1.4.3",
      "1.4.3 is stable in place of 1.4.2, without having been a canary",
      "1.5.0 is no longer the canary; stable takes all requests",
      "retire 1.5.0",
    ]);
  });

  it("that was stable and is no longer kept is distinguished", () => {
    const story = promoted();
    const next = { stable: { version: "1.5.0" }, canary: { version: "1.6.0", weight: 10 } };
    story.up({ ...next, template: debug }, 2 * hour);
    const stable = { version: "1.6.0", check: check("1.6.0", 3 * hour) };
    story.up({ stable, template: debug }, 3 * hour);
    assert.deepEqual(story.refused({ template: debug }, 4 * hour), [
      [
        "release-not-kept",
        `1.4.2 is requested as stable; it was until ${at(hour)}, but it no longer runs: kept for a rollback: 1.5.0`,
        `roll back to a kept release, or make 1.4.2 the canary again and promote it after its soak time${emergency}`,
      ],
    ]);
  });
});

describe("a lost record", () => {
  const remedy = `set stable to 1.4.2, which is then recorded again, and canary to 1.5.0${emergency}`;

  it("adopts the release that the cluster runs as stable", () => {
    const story = new Story();
    const made = story.up({}, 0, "1.4.2");
    assert.deepEqual(texts(made), [
      "the record is lost; 1.4.2, which the cluster runs as stable, is recorded again",
    ]);
    assert.equal(story.record?.history[0]?.kind, "adopt");
    assert.equal(story.planned({}, 60).steps[0]?.kind, "nothing");
  });

  it("accepts no other release as stable", () => {
    const story = new Story();
    const desired = { stable: { version: "1.5.0" } };
    assert.deepEqual(story.refused(desired, 0, "1.4.2"), [
      [
        "canary-before-stable",
        "1.5.0 is requested as stable, but the record of this app is lost and the cluster runs 1.4.2 as stable",
        remedy,
      ],
    ]);
    const made = story.up({ ...desired, override }, 0, "1.4.2");
    assert.deepEqual(made.retired, ["1.4.2"]);
  });

  it("restarts a canary's soak time", () => {
    const story = new Story();
    story.up({ canary: { version: "1.5.0", weight: 10 } }, 5 * hour, "1.4.2");
    assert.equal(story.record?.releases["1.5.0"]?.canarySince, at(5 * hour));
  });

  it("of an app that does not run is a first deployment", () => {
    const made = new Story().up({ canary: { version: "1.5.0", weight: 10 } }, 0);
    assert.deepEqual(texts(made), [
      "deploy 1.4.2",
      "deploy 1.5.0",
      "1.4.2 is the first stable release",
      "1.5.0 is the canary at 10%",
    ]);
    assert.equal(shop().stable.version, made.stable);
  });
});

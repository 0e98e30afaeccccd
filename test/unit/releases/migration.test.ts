import assert from "node:assert/strict";
import { check, debug, emergency, hour, loose, Story, strict, template, ten, texts } from "./story";

const migration = {};
const later = { version: "1.6.0", weight: 0 };

/** Stable 1.4.2 without a migration, and canary 1.5.0 with one. */
function migrated(contract?: string): Story {
  const story = new Story();
  story.up({}, -hour);
  story.up({ canary: ten, template: debug, migration: { contract } }, 0);
  return story;
}

describe("a migration", () => {
  it("runs once for a version, before it is deployed", () => {
    const story = new Story();
    story.up({}, -hour);
    const made = story.up({ canary: ten, template: debug, migration }, 0);
    assert.deepEqual(made.migrating, ["1.5.0"]);
    assert.deepEqual(texts(made), [
      "run the migration of 1.5.0, once, before its first pod starts",
      "deploy 1.5.0",
      "1.5.0 is the canary at 10%",
    ]);
    assert.deepEqual(
      made.next.migrated?.map(({ version }) => version),
      ["1.5.0"],
    );
  });

  it("runs for the first stable release as well, but not for a running release", () => {
    const story = new Story();
    assert.deepEqual(story.planned({ migration }, 0).migrating, ["1.4.2"]);
    story.up({}, 0);
    assert.deepEqual(story.up({ migration }, 60).migrating, []);
  });

  it("does not run again at a promotion, a rollback, a new weight or another revision", () => {
    const story = migrated();
    const same = { template: debug, migration };
    const heavier = { version: "1.5.0", weight: 50 };
    const stable = { version: "1.5.0", check: check("1.5.0", 2 * hour) };
    const revised = { version: "1.5.0", revision: 2, weight: 10 };
    const runs = [
      story.up({ ...same, canary: heavier }, 60),
      story.up({ ...same, stable }, 2 * hour),
      story.up(same, 3 * hour),
      story.up({ ...same, stable }, 4 * hour),
      story.up({ ...same, template: template("trace"), stable, canary: revised }, 5 * hour),
    ].map(({ migrating }) => migrating);
    assert.deepEqual(runs, [[], [], [], [], []]);
  });

  it("does not run again for a version that ended and is deployed again", () => {
    const story = migrated();
    story.up({ template: debug, migration }, 60);
    assert.deepEqual(story.up({ canary: ten, template: debug, migration }, 120).migrating, []);
  });

  it("runs if a release that never had one is changed in place", () => {
    const story = new Story(loose);
    story.up({}, 0);
    assert.deepEqual(story.up({ template: debug, migration }, 60).migrating, ["1.4.2"]);
    assert.deepEqual(story.up({ template: template("trace"), migration }, 90).migrating, []);
  });
});

describe("a migration that removes something", () => {
  it("is refused while a release that needs it serves requests", () => {
    const story = new Story();
    story.up({}, -hour);
    const asked = { canary: ten, template: debug, migration: { contract: "1.5.0" } };
    assert.deepEqual(story.refused(asked, 0), [
      [
        "contract-while-serving",
        "1.4.2 serves while the migration of 1.5.0 runs, after which only 1.5.0 and later work (migrate.contract)",
        `first make a version stable that works before and after the migration, and set migrate.contract to the oldest such version${emergency}`,
      ],
    ]);
    assert.match(
      texts(story.up({ ...asked, migration: { contract: "1.4.2" } }, 0))[0] ?? "",
      /; from then on no version below 1\.4\.2 may take requests$/,
    );
  });

  it("is refused next to the release that the cluster runs, if the record is lost", () => {
    const asked = { canary: ten, template: debug, migration: { contract: "1.5.0" } };
    for (const policy of [strict, loose]) {
      const [refusal, ...others] = new Story(policy).refused(asked, 0, "1.4.2");
      assert.deepEqual(refusal?.slice(0, 2), [
        "contract-while-serving",
        "1.4.2 serves while the migration of 1.5.0 runs, after which only 1.5.0 and later work (migrate.contract)",
      ]);
      assert.deepEqual(others, []);
    }
    const works = { ...asked, migration: { contract: "1.4.0" } };
    assert.deepEqual(new Story().planned(works, 0, "1.4.2").migrating, ["1.5.0"]);
  });

  it("lets no older version take requests afterwards, whatever the config says", () => {
    const story = migrated();
    const stable = { version: "1.5.0", check: check("1.5.0", hour) };
    const same = { template: debug, stable };
    story.up(same, hour);
    story.up({ ...same, canary: later, migration: { contract: "1.5.0" } }, 2 * hour);
    const refused = [
      "no-rollback-below",
      "1.4.2 is below 1.5.0, the oldest version that works since the migration of 1.6.0",
      `release a version of at least 1.5.0${emergency}`,
    ];
    assert.deepEqual(story.refused({ template: debug }, 3 * hour), [refused]);
    story.up(same, 3 * hour);
    assert.deepEqual(story.refused({ template: debug }, 4 * hour), [refused]);
  });

  it("names a version that can be compared", () => {
    const story = new Story();
    assert.deepEqual(story.refused({ migration: { contract: "main" } }, 0), [
      [
        "malformed-floor",
        "migrate.contract: main does not begin with a version number, so nothing can be compared with it",
        "use a version such as 1.4.2, or remove it",
      ],
    ]);
  });
});

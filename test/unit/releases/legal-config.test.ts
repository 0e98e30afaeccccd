import assert from "node:assert/strict";
import { plan, type DesiredApp } from "../../../releases";
import {
  at,
  check,
  debug,
  emergency,
  hour,
  promoted,
  roles,
  shop,
  Story,
  strict,
  template,
  ten,
  texts,
  withCanary,
} from "./story";

describe("invalid requests of a config", () => {
  const cases: [what: string, desired: Partial<DesiredApp>, refusals: string[][]][] = [
    [
      "a weight above 100",
      { canary: { version: "1.5.0", weight: 101 } },
      [["weight", "a weight of 101 is requested", "use a whole number from 0 to 100"]],
    ],
    [
      "half a per cent",
      { canary: { version: "1.5.0", weight: 0.5 } },
      [["weight", "a weight of 0.5 is requested", "use a whole number from 0 to 100"]],
    ],
    [
      "one release in both roles",
      { canary: { version: "1.4.2", weight: 10 } },
      [
        [
          "canary-is-stable",
          "1.4.2 is requested as stable and as the canary",
          "name another release as the canary; or remove the canary, which finishes a promotion",
        ],
      ],
    ],
    [
      "a version that is no tag",
      { canary: { version: "1.5.0+abc", revision: 0, weight: 10 } },
      [
        [
          "version",
          'version "1.5.0+abc" with revision 0 does not name a release',
          "use a version of at most 100 letters, digits, dots, dashes and underscores that begins with a letter or digit, and a whole revision of at least 1",
        ],
      ],
    ],
    [
      "two releases of one name",
      { canary: { version: "1-4.2", weight: 10 } },
      [
        [
          "names-clash",
          "releases 1.4.2 and 1-4.2 would both be named shop-1-4-2",
          "choose a version that differs in more than its punctuation or case",
        ],
      ],
    ],
  ];
  for (const [what, desired, refusals] of cases) {
    it(what, () => {
      assert.deepEqual(new Story().refused(desired, 0), refusals);
      const running = new Story();
      running.up({}, 0);
      assert.deepEqual(running.refused(desired, 60), refusals);
    });
  }

  it("a release with the name of one that this update ends", () => {
    const story = withCanary();
    const [refusal] = story.refused(
      { canary: { version: "1.5-0", weight: 10 }, template: debug },
      60,
    );
    assert.deepEqual(refusal?.slice(0, 2), [
      "names-clash",
      "releases 1.5.0 and 1.5-0 would both be named shop-1-5-0",
    ]);
  });

  it("a version with the name of another one's revision", () => {
    const story = new Story();
    story.up({ stable: { version: "1.4.2", revision: 2 } }, 0);
    assert.deepEqual(story.refused({ stable: { version: "1.4.2-r2" } }, 60)[0]?.slice(0, 2), [
      "names-clash",
      "1.4.2-r2 runs as version 1.4.2 with revision 2, and is requested as version 1.4.2-r2 with revision 1",
    ]);
  });

  it("are reported together, with the requested and the live releases", () => {
    const answer = plan(
      promoted().record,
      shop({
        stable: { version: "1.6.0" },
        canary: { version: "1.7.0", weight: 200 },
        noRollbackBelow: "2.0",
        template: debug,
        freezes: [{ scope: "app shop", until: at(9 * hour), reason: "sale" }],
      }),
      at(2 * hour),
      strict,
    );
    if (answer.kind !== "refusal") assert.fail("must be refused");
    assert.deepEqual(
      answer.refusals.map(({ rule }) => rule),
      ["weight", "canary-before-stable", "no-rollback-below", "no-rollback-below", "frozen"],
    );
    for (const { app, asked, live } of answer.refusals) {
      assert.equal(app, "shop");
      assert.equal(asked, "stable 1.6.0, canary 1.7.0 at 200%");
      assert.equal(live, "stable 1.5.0, kept 1.4.2");
    }
  });
});

describe("a second release during a canary", () => {
  const second = { canary: { version: "1.6.0", weight: 5 }, template: template("trace") };

  it("replaces the canary if the policy says supersede", () => {
    const made = withCanary().up(second, 60);
    assert.deepEqual(texts(made), [
      "deploy 1.6.0",
      "1.6.0 is the canary at 5%, in place of 1.5.0",
      "retire 1.5.0",
    ]);
  });

  it("is refused if the policy says refuse", () => {
    const story = withCanary({ ...strict, secondRelease: "refuse" });
    assert.deepEqual(story.refused(second, 60), [
      [
        "one-canary",
        "1.6.0 is requested as the canary, but 1.5.0 is already the canary",
        "promote 1.5.0 or remove it first",
      ],
    ]);
  });

  it("may start with the promotion of the first", () => {
    const story = withCanary({ ...strict, secondRelease: "refuse" });
    const stable = { version: "1.5.0", check: check("1.5.0", hour) };
    const unweighed = { ...second, canary: { ...second.canary, weight: 0 } };
    const made = story.up({ ...unweighed, stable }, hour);
    assert.deepEqual(roles(made), ["stable 1.5.0 100%", "canary 1.6.0 0%", "retained 1.4.2 0%"]);
    // A rollback is not a second release, although it ends the canary.
    const undo = story.up({ canary: ten, template: template("trace") }, hour + 60);
    assert.deepEqual(roles(undo), ["stable 1.4.2 90%", "canary 1.5.0 10%"]);
  });

  it("may not get a share with the promotion of the first, which would get more than requested", () => {
    const stable = { version: "1.5.0", check: check("1.5.0", hour) };
    const [refusal] = withCanary().refused({ ...second, stable }, hour);
    assert.deepEqual(refusal, [
      "one-step",
      "stable 1.4.2 → 1.5.0 and canary 1.5.0 → 1.6.0 cannot change in one update: a release would temporarily exceed both its former and its requested share, by 5%",
      `change stable first, and start canary 1.6.0 in a separate update, or start it at 0%${emergency}`,
    ]);
  });
});

import assert from "node:assert/strict";
import type { DesiredApp } from "../../../releases";
import { at, check, debug, emergency, hour, strict, texts, withCanary } from "./story";

const runCheck = `run npx platform release check shop --stack <stack>, and promote when it passes${emergency}`;

/** Returns a config that promotes the canary 1.5.0. */
function promote(more: Partial<DesiredApp["stable"]> = {}): Partial<DesiredApp> {
  return { stable: { version: "1.5.0", ...more }, template: debug };
}

describe("canary before stable", () => {
  const soak: [what: string, seconds: number, message: string][] = [
    [
      "at once",
      0,
      `1.5.0 has been the canary for 0 s of the 1 h that it needs; 1 h remain, until ${at(hour)}`,
    ],
    [
      "after ten minutes",
      600,
      `1.5.0 has been the canary for 10 min of the 1 h that it needs; 50 min remain, until ${at(hour)}`,
    ],
    [
      "a second too early",
      hour - 1,
      `1.5.0 has been the canary for 59 min 59 s of the 1 h that it needs; 1 s remain, until ${at(hour)}`,
    ],
    [
      "with a clock that went back before the canary's beginning",
      -7200,
      `1.5.0 has been the canary for 0 s of the 1 h that it needs; 3 h remain, until ${at(hour)}`,
    ],
  ];
  for (const [what, seconds, message] of soak) {
    it(`refuses a promotion ${what}`, () => {
      const desired = promote({ check: check("1.5.0", hour) });
      const remedy = `promote it then, after a check at that time${emergency}`;
      assert.deepEqual(withCanary().refused(desired, seconds), [
        ["canary-before-stable", message, remedy],
      ]);
    });
  }

  const checks: [what: string, given: ReturnType<typeof check> | undefined, message: string][] = [
    ["without a check", undefined, "1.5.0 has no check"],
    ["with another release's", check("1.4.2", hour), "the check given for 1.5.0 is for 1.4.2"],
    [
      "with a failed one",
      check("1.5.0", hour, "fail"),
      `the check of 1.5.0 at ${at(hour)} has the verdict fail; a promotion needs pass`,
    ],
    [
      "with an inconclusive one",
      check("1.5.0", hour, "inconclusive"),
      `the check of 1.5.0 at ${at(hour)} has the verdict inconclusive; a promotion needs pass`,
    ],
    [
      "with one of before the soak's end",
      check("1.5.0", hour - 1),
      `the check of 1.5.0 was made at ${at(hour - 1)}, before its soak time was over at ${at(hour)}`,
    ],
    [
      "with one of the future",
      check("1.5.0", hour + 401),
      `the check of 1.5.0 was made at ${at(hour + 401)}, which is in the future: it is ${at(hour + 100)}`,
    ],
    [
      "with one of no time",
      { ...check("1.5.0", hour), at: "soon" },
      `the check of 1.5.0 was made at "soon", which is not a time`,
    ],
  ];
  for (const [what, given, message] of checks) {
    it(`refuses a promotion ${what}`, () => {
      assert.deepEqual(withCanary().refused(promote({ check: given }), hour + 100), [
        ["canary-before-stable", message, runCheck],
      ]);
    });
  }

  it("accepts a check made exactly at the end of the soak time", () => {
    const made = withCanary().up(promote({ check: check("1.5.0", hour) }), hour);
    assert.deepEqual(texts(made), ["promote 1.5.0: it is stable in place of 1.4.2"]);
  });

  it("tolerates a clock of the check that is five minutes ahead", () => {
    withCanary().up(promote({ check: check("1.5.0", hour + 300) }), hour);
  });

  it("uses a check that an earlier update recorded", () => {
    const story = withCanary();
    const canary = { version: "1.5.0", weight: 10, check: check("1.5.0", hour) };
    assert.deepEqual(texts(story.up({ canary, template: debug }, hour)), ["nothing changes"]);
    story.up(promote(), hour + 60);
  });

  it("lets the newest check decide", () => {
    const story = withCanary();
    const failed = { version: "1.5.0", weight: 10, check: check("1.5.0", hour + 60, "fail") };
    story.up({ canary: failed, template: debug }, hour + 60);
    const older = promote({ check: check("1.5.0", hour) });
    assert.deepEqual(story.refused(older, hour + 120), [
      [
        "canary-before-stable",
        `the check of 1.5.0 at ${at(hour + 60)} has the verdict fail; a promotion needs pass`,
        runCheck,
      ],
    ]);
    story.up(promote({ check: check("1.5.0", hour + 90) }), hour + 120);
  });

  it("does not let a check from the future hide later ones", () => {
    const story = withCanary();
    const early = { version: "1.5.0", weight: 10, check: check("1.5.0", 9 * hour, "fail") };
    story.up({ canary: early, template: debug }, hour);
    story.up(promote({ check: check("1.5.0", hour + 60) }), hour + 120);
  });

  it("needs no check if the policy requires none, and reports the last one", () => {
    const story = withCanary({ ...strict, checkRequired: false });
    const refused = story.refused(promote(), hour - 1)[0] ?? [];
    assert.equal(refused[2], `promote it then${emergency}`);
    const made = story.up(promote({ check: check("1.5.0", hour, "fail") }), hour);
    assert.deepEqual(made.notices, [
      {
        kind: "check-not-passed",
        text: `the last check of 1.5.0, at ${at(hour)}, has the verdict fail; it is promoted anyway`,
      },
    ]);
  });

  it("restarts the soak time after an interruption", () => {
    const story = withCanary();
    story.up({ template: debug }, hour);
    story.up({ canary: { version: "1.5.0", weight: 10 }, template: debug }, hour + 60);
    const [first] = story.refused(promote({ check: check("1.5.0", hour) }), hour + 61);
    assert.equal(
      first?.[1],
      `1.5.0 has been the canary for 1 s of the 1 h that it needs; 59 min 59 s remain, until ${at(2 * hour + 60)}`,
    );
  });

  it("does not start a soak time earlier because of a slow clock", () => {
    const story = withCanary();
    story.up({ template: debug }, 60);
    story.up({ canary: { version: "1.6.0", weight: 1 }, template: debug }, -9 * hour);
    assert.equal(story.record?.releases["1.6.0"]?.canarySince, at(60.001));
  });

  it("keeps the soak time when the weight changes", () => {
    const story = withCanary();
    story.up({ canary: { version: "1.5.0", weight: 50 }, template: debug }, hour - 1);
    story.up(promote({ check: check("1.5.0", hour) }), hour);
  });
});

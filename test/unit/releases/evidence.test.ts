import assert from "node:assert/strict";
import { checkRules, checkRulesHash, provenReleases, type CheckEvidence } from "../../../releases";
import { at, check, debug, emergency, hour, loose, override, strict, ten } from "./story";
import { Story, texts, withCanary } from "./story";

const rules = checkRules({
  window: 600,
  maximumErrorRatio: 0.01,
  highestErrorRatio: 0.05,
  errorFactor: 2,
  quantile: 0.99,
  latencyFactor: 1.5,
  maximumRestarts: 0,
  windows: [],
  queries: {},
  prometheus: "http://prometheus.example.com",
});
const judging = { ...strict, check: rules, minimumSamples: 1000 };
const judged = (seconds: number, more: Partial<CheckEvidence> = {}): CheckEvidence => ({
  ...check("1.5.0", seconds),
  rules: checkRulesHash(rules),
  ...more,
});
const canary = (given?: CheckEvidence, weight = 10) => ({
  canary: { ...ten, weight, check: given },
  template: debug,
});
const promoted = (given?: CheckEvidence) => ({
  stable: { version: "1.5.0", check: given },
  template: debug,
});
const recheck =
  "it does not count; check it again: npx platform release check shop --stack <stack>";

describe("a check that the config says a canary passed", () => {
  const impossible: [what: string, given: CheckEvidence, reason: string][] = [
    [
      "of the future",
      judged(9 * hour),
      `was made at ${at(9 * hour)}, which is in the future: it is ${at(hour)}`,
    ],
    [
      "of before its start",
      judged(-60),
      `was made at ${at(-60)}, and no check can pass before 1 min after the canary's start at ${at(0)}`,
    ],
    [
      "of too few requests",
      judged(300, { samples: 999 }),
      "saw 999 requests; at least 1000 are needed",
    ],
    [
      "by other rules",
      judged(300, { rules: "0123456789abcdef" }),
      `at ${at(300)} was not judged by the rules of platform:releases.check that are in force`,
    ],
    [
      "by unknown rules",
      judged(300, { rules: undefined }),
      `at ${at(300)} was not judged by the rules of platform:releases.check that are in force`,
    ],
  ];
  for (const [what, given, reason] of impossible) {
    it(`is neither recorded nor believed by other stacks if it is one ${what}`, () => {
      const story = withCanary(judging);
      const made = story.up(canary(given), hour);
      assert.deepEqual(made.notices, [
        { kind: "check-not-counted", text: `the check of 1.5.0 ${reason}; ${recheck}` },
      ]);
      assert.equal(story.record?.releases["1.5.0"]?.check, undefined);
      assert.ok(story.record !== undefined);
      assert.deepEqual(
        provenReleases(story.record).map(({ key }) => key),
        ["1.4.2"],
      );
      assert.equal(made.relies, undefined);
    });
  }

  it("is not recorded with the start of the canary, when nobody can have checked it yet", () => {
    const story = new Story(judging);
    story.up({}, -hour);
    const made = story.up(canary(judged(-60)), 0);
    assert.deepEqual(
      made.notices.map(({ text }) => text),
      [
        `the check of 1.5.0 was made at ${at(-60)}, and no update has recorded 1.5.0 as a canary with pods yet; ${recheck}`,
      ],
    );
    assert.equal(story.record?.releases["1.5.0"]?.check, undefined);
  });

  it("does not hide the check in the record", () => {
    const story = withCanary(judging);
    story.up(canary(judged(120, { verdict: "fail" })), 120);
    story.up(canary(judged(300, { samples: 0 })), 300);
    assert.equal(story.record?.releases["1.5.0"]?.check?.verdict, "fail");
    assert.deepEqual(texts(story.planned(canary(judged(300, { samples: 0 })), 300)), [
      "nothing changes",
    ]);
  });

  it("does not promote it if its share has risen since", () => {
    const story = withCanary(judging);
    story.up(canary(judged(hour)), hour);
    story.up(canary(judged(hour), 50), hour + 60);
    const [refused] = story.refused(promoted(judged(hour)), hour + 120);
    assert.deepEqual(refused, [
      "canary-before-stable",
      `the check of 1.5.0 was made at ${at(hour)}, before it got its share of 50% at ${at(hour + 60)}`,
      `run npx platform release check shop --stack <stack>, and promote when it passes${emergency}`,
    ]);
    story.planned(promoted(judged(hour + 90)), hour + 120);
    story.up(canary(judged(hour + 90), 5), hour + 150);
    story.planned(promoted(judged(hour + 90)), hour + 180);
  });
});

describe("steps that rely on the check of a canary", () => {
  const relying = (policy = judging) => {
    const story = withCanary(policy);
    const of = (desired: object, seconds = hour) => story.planned(desired, seconds).relies;
    return { story, of };
  };

  it("include a promotion, also with the check in the record", () => {
    const { story, of } = relying();
    const relies = of(promoted(judged(hour)));
    assert.deepEqual(
      [relies?.step, relies?.canary, relies?.stable, relies?.weight, relies?.override],
      ["promotion", "1.5.0", "1.4.2", 10, undefined],
    );
    assert.equal(relies?.policy.check?.prometheus, rules.prometheus);
    story.up(canary(judged(hour)), hour);
    assert.equal(of(promoted(), hour + 60)?.evidence.at, at(hour));
  });

  it("include a larger share if a check is required, but not a smaller one", () => {
    const { story, of } = relying();
    story.up(canary(judged(300)), 300);
    assert.equal(of(canary(undefined, 50))?.step, "share");
    assert.equal(of(canary(undefined, 5)), undefined);
    assert.equal(of(canary(judged(300))), undefined, "nothing changes");
  });

  it("include the record, which the stacks that require this one believe", () => {
    const free = relying({ ...loose, check: rules, minimumSamples: 1000 });
    assert.equal(free.of(canary(judged(300)))?.step, "record");
    assert.equal(free.of(canary(judged(300, { verdict: "fail" }))), undefined);
    assert.equal(free.of(promoted(judged(300))), undefined);
  });

  it("do not exist if nothing is required or known", () => {
    const unguarded = relying({ ...judging, checkRequired: false });
    assert.equal(unguarded.of(promoted(judged(hour))), undefined);
    assert.equal(relying().of(canary(undefined, 50)), undefined);
  });

  it("include a promotion with an override, which covers a failure and is recorded as used", () => {
    const { story, of } = relying();
    const desired = { ...promoted(judged(hour)), override };
    assert.deepEqual(of(desired)?.override, override);
    const made = story.up(desired, hour);
    assert.match(
      texts(made).join(),
      /ann overrides canary-before-stable \(1\.5\.0 is promoted even if its check fails when it is repeated\): payments are down/,
    );
    assert.deepEqual(story.record?.usedOverride, override);
    assert.deepEqual(story.record?.history[0]?.rules, ["canary-before-stable"]);
    assert.deepEqual(story.planned(desired, hour + 60).relies, undefined);
  });

  it("are not covered by an override that was used for an earlier change", () => {
    const { story, of } = relying();
    const hotfix = { stable: { version: "1.4.3" }, template: debug };
    story.up({ ...hotfix, ...canary(), override }, 60);
    const relies = of({ ...promoted(judged(hour)), override });
    assert.deepEqual([relies?.step, relies?.override], ["promotion", undefined]);
  });
});

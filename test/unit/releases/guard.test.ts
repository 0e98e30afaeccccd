import assert from "node:assert/strict";
import {
  checkRulesHash,
  parseAppRecord,
  type CheckRules,
  type ReleasePolicy,
} from "../../../releases";
import { at, check, debug, hour, loose, Story, strict, withCanary } from "./story";

/** Returns a story's next update with another policy and the same record. */
function under(policy: ReleasePolicy, story: Story): Story {
  const next = new Story(policy);
  next.record = story.record;
  return next;
}

const jump = { stable: { version: "7.7.7" }, template: debug };
const kept = { canary: { version: "1.5.0", weight: 10 }, template: debug };
const weaker = { by: "ann", reason: "the test stack needs no canary" };

const rules: CheckRules = {
  window: 1800,
  maximumErrorRatio: 0.01,
  highestErrorRatio: 0.05,
  errorFactor: 2,
  quantile: 0.99,
  latencyFactor: 1.5,
  maximumRestarts: 0,
  windows: [300],
  queries: { orders: { query: "sum(orders)", min: 10 } },
};
const checked: ReleasePolicy = { ...strict, check: rules };

/** A promotion after the soak time, with a check that was judged by these rules. */
function promotion(judgedBy: CheckRules | undefined) {
  const hash = judgedBy && checkRulesHash(judgedBy);
  const evidence = { ...check("1.5.0", 2 * hour), rules: hash };
  return { stable: { version: "1.5.0", check: evidence }, template: debug };
}

describe("the guard of stable", () => {
  it("cannot be disabled in the change that it guards", () => {
    const story = under(loose, withCanary());
    assert.equal(story.refused(jump, hour)[0]?.[0], "canary-before-stable");
    const early = { stable: { version: "1.5.0", check: check("1.5.0", 60) }, template: debug };
    assert.match(
      story.refused(early, 60)[0]?.[1] ?? "",
      /has been the canary for 1 min of the 1 h/,
    );
  });

  it("stays in force until an update with a reason has changed it", () => {
    const silent = under(loose, withCanary());
    const made = silent.up(kept, 60);
    assert.deepEqual(
      made.notices.map(({ kind }) => kind),
      ["policy-weaker"],
    );
    assert.equal(silent.refused(jump, hour)[0]?.[0], "canary-before-stable");

    const told = under({ ...loose, weaker }, silent);
    assert.equal(told.refused(jump, 90)[0]?.[0], "canary-before-stable");
    told.up(kept, 120);
    assert.deepEqual(told.record?.history[0], {
      at: at(120),
      kind: "policy",
      to: "1.4.2",
      ...weaker,
    });
    assert.equal(told.up(jump, 180).stable, "7.7.7");
  });

  it("requires another reason the next time", () => {
    const told = under({ ...loose, weaker }, withCanary());
    told.up(kept, 60);
    const strictAgain = under(strict, told);
    strictAgain.up(kept, 120);
    const again = under({ ...loose, weaker }, strictAgain);
    const [notice] = again.up(kept, 180).notices;
    assert.match(notice?.text ?? "", /was used for an earlier change/);
    assert.equal(again.refused(jump, 240)[0]?.[0], "canary-before-stable");
  });

  it("keeps a freeze for the change that removes it", () => {
    const freezes = [{ scope: "app shop", until: at(10 * hour), reason: "sale" }];
    const story = withCanary();
    story.up({ ...kept, freezes }, 60);
    const grown = { canary: { version: "1.5.0", weight: 50 }, template: debug };
    const [refusal] = story.refused(grown, 120);
    assert.equal(refusal?.[0], "frozen");
    assert.match(refusal?.[1] ?? "", /needs a separate update/);
    story.up(kept, 180);
    story.up(grown, 240);
  });

  it("requires a check that is not too old and saw enough requests", () => {
    const policy = { ...strict, checkValid: 24 * hour, minimumSamples: 500 };
    const story = under(policy, withCanary());
    const late = { stable: { version: "1.5.0", check: check("1.5.0", 2 * hour) }, template: debug };
    assert.match(
      story.refused(late, 60 * 24 * hour)[0]?.[1] ?? "",
      /was made 59 d 22 h ago, and is valid for 1 d/,
    );
    const typed = { ...check("1.5.0", 2 * hour), samples: 0 };
    const [refusal] = story.refused(
      { stable: { version: "1.5.0", check: typed }, template: debug },
      3 * hour,
    );
    assert.match(refusal?.[1] ?? "", /saw 0 requests; at least 500 are needed/);
    story.up(late, 3 * hour);
  });

  const weakenings: [what: string, key: string, change: Partial<CheckRules>][] = [
    ["a higher share of errors", "maximumErrorRatio", { maximumErrorRatio: 1 }],
    ["a higher share of errors of stable", "highestErrorRatio", { highestErrorRatio: 1 }],
    ["a larger factor of errors", "errorFactor", { errorFactor: 1000 }],
    ["a larger factor of latency", "latencyFactor", { latencyFactor: 1e6 }],
    ["more restarts", "maximumRestarts", { maximumRestarts: 1e6 }],
    ["a lower quantile", "quantile", { quantile: 0.5 }],
    ["another window", "window", { window: 60 }],
    ["a shorter window taken away", "windows", { windows: [] }],
    ["a query taken away", "queries.orders", { queries: {} }],
    [
      "a query with another text",
      "queries.orders.query",
      { queries: { orders: { query: "vector(99)", min: 10 } } },
    ],
    [
      "a query with a lower bound",
      "queries.orders.min",
      { queries: { orders: { query: "sum(orders)", min: 1 } } },
    ],
    [
      "a query with its bound taken away",
      "queries.orders.min",
      { queries: { orders: { query: "sum(orders)", max: 99 } } },
    ],
  ];
  for (const [what, key, change] of weakenings) {
    it(`judges a promotion by the last update's check: ${what}`, () => {
      const asked = { ...rules, ...change };
      const story = under({ ...checked, check: asked }, withCanary(checked));
      const [refusal] = story.refused(promotion(asked), 2 * hour);
      assert.equal(refusal?.[0], "canary-before-stable");
      assert.match(refusal?.[1] ?? "", /was not judged by the rules of platform:releases\.check/);
      const [notice] = story.planned(kept, 2 * hour).notices;
      assert.equal(notice?.kind, "policy-weaker");
      assert.ok(notice.text.includes(`check.${key}`), notice.text);
    });
  }

  it("lets a check become stricter at once, and weaker by an update with a reason", () => {
    const stricter = { ...rules, maximumErrorRatio: 0.001, windows: [60, 300], quantile: 0.999 };
    const story = under({ ...checked, check: stricter }, withCanary(checked));
    assert.deepEqual(story.planned(kept, hour).notices, []);
    assert.equal(story.refused(promotion(rules), 2 * hour)[0]?.[0], "canary-before-stable");
    story.planned(promotion(stricter), 2 * hour);

    const looser = { ...rules, maximumErrorRatio: 0.1 };
    const told = under({ ...checked, check: looser, weaker }, withCanary(checked));
    assert.equal(told.refused(promotion(looser), 2 * hour)[0]?.[0], "canary-before-stable");
    told.up(kept, 2 * hour);
    told.up(promotion(looser), 2 * hour);
  });

  it("accepts another Prometheus only after an update with a reason", () => {
    const at1 = { ...rules, prometheus: "http://one.example.com" };
    const at2 = { ...rules, prometheus: "http://two.example.com" };
    const guarded = { ...checked, check: at1 };
    for (const check of [at2, rules]) {
      const story = under({ ...checked, check }, withCanary(guarded));
      const [refusal] = story.refused(promotion(check), 2 * hour);
      assert.match(refusal?.[1] ?? "", /was not judged by the rules of platform:releases\.check/);
      const [notice] = story.planned(kept, 2 * hour).notices;
      assert.match(notice?.text ?? "", /the policy of platform:releases \(prometheus\) is weaker/);
    }
    const told = under({ ...checked, check: at2, weaker }, withCanary(guarded));
    told.up(kept, 2 * hour);
    told.up(promotion(at2), 2 * hour);
    // An older program recorded no address.
    under(guarded, withCanary(checked)).up(promotion(at1), 2 * hour);
  });

  it("ignores the order of windows and fields", () => {
    const story = under({ ...checked, check: { ...rules, windows: [300, 60] } }, withCanary());
    story.up(kept, 60);
    const other = under({ ...checked, check: { ...rules, windows: [60, 300, 60] } }, story);
    assert.deepEqual(other.planned(kept, 120).notices, []);
  });

  it("accepts a check without rules only if no update has recorded any", () => {
    const older = withCanary();
    assert.equal(older.record?.guard?.check, undefined);
    assert.ok(parseAppRecord(JSON.parse(JSON.stringify(older.record)), "shop"));
    under(checked, older).planned(promotion(undefined), 2 * hour);
    const newer = withCanary(checked);
    assert.match(
      newer.refused(promotion(undefined), 2 * hour)[0]?.[1] ?? "",
      /was not judged by the rules/,
    );
  });
});

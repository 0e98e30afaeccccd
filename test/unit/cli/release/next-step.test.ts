import assert from "node:assert/strict";
import { app as appSchema } from "../../../../config/app";
import { nextStep, type AdvanceArgs } from "../../../../cli/release/next-step";
import type { CheckResult } from "../../../../cli/release/verdict";
import { at, check, debug, hour, loose, Story } from "../../releases/story";

const steps = { weights: [5, 25, 50, 100], every: "30m", timeout: "6h" };

interface Setting {
  weight?: number;
  /** Seconds for which the canary has had this share. */
  waited?: number;
  verdict?: CheckResult["verdict"];
  canary?: object;
  app?: object;
  steps?: object;
  differences?: string[];
  recordedWeight?: number;
}

/** Returns the next step of canary 1.5.0, which began two hours ago. */
function next(setting: Setting): string {
  const { weight = 5, waited = hour, verdict, recordedWeight = weight, differences = [] } = setting;
  const story = new Story(loose);
  story.up({}, -3 * hour);
  story.up({ canary: { version: "1.5.0", weight: 0 }, template: debug }, -2 * hour);
  story.up({ canary: { version: "1.5.0", weight: recordedWeight }, template: debug }, 0);
  const app = appSchema.parse({
    team: "commerce",
    domain: "shop.platform.test",
    image: "harbor.platform.test/shop/shop",
    stable: { version: "1.4.2" },
    canary: { version: "1.5.0", weight, ...setting.canary },
    steps: setting.steps ?? steps,
    ...setting.app,
  });
  const args: AdvanceArgs = {
    app: app as AdvanceArgs["app"],
    record: story.record,
    differences,
    check: verdict && { verdict, findings: [], requests: 1000 },
    now: new Date(at(waited)),
  };
  const step = nextStep(args);
  const share = step.kind === "weigh" ? ` ${step.weight}` : "";
  return `${step.kind}${share}: ${step.reason}`;
}

describe("a canary that advances automatically", () => {
  const cases: [what: string, setting: Setting, expected: string][] = [
    ["goes to the next share", { verdict: "pass" }, "weigh 25: 1.5.0 had 5% for 1 h"],
    [
      "skips to a larger one by hand",
      { weight: 30, verdict: "pass" },
      "weigh 50: 1.5.0 had 30% for 1 h",
    ],
    ["is promoted at the end", { weight: 50, verdict: "pass" }, "promote: 1.5.0 had 50% for 1 h"],
    [
      "starts without a check, which needs requests",
      { weight: 0 },
      "weigh 5: 1.5.0 had 0% for 3 h",
    ],
    [
      "waits for its time",
      { waited: 60, verdict: "pass" },
      "nothing: the next step of 1.5.0 is in 29 min",
    ],
    [
      "loses its requests when its check fails, at once and no matter who holds it",
      { waited: 60, verdict: "fail", canary: { hold: true } },
      "take-away: the check of 1.5.0 fails",
    ],
    ["is held by a person", { verdict: "pass", canary: { hold: true } }, "nothing: 1.5.0 is held"],
    [
      "waits while nothing is proven",
      { verdict: "inconclusive" },
      "nothing: the check of 1.5.0 is inconclusive; it waits, for 5 h at most",
    ],
    [
      "and not forever",
      { verdict: "inconclusive", waited: 6 * hour },
      "take-away: the check of 1.5.0 is inconclusive after 6 h",
    ],
    [
      "ends where nothing is proven, if that is asked for",
      { verdict: "inconclusive", steps: { ...steps, inconclusive: "end" } },
      "take-away: the check of 1.5.0 is inconclusive after 1 h",
    ],
    [
      "does not take a check that is not possible for a pass",
      {},
      "nothing: the check of 1.5.0 is not possible; it waits, for 5 h at most",
    ],
    [
      "needs no check where none is asked for",
      { steps: { ...steps, check: false } },
      "weigh 25: 1.5.0 had 5% for 1 h",
    ],
    [
      "waits for the update of its last step",
      { weight: 25, recordedWeight: 5, verdict: "pass" },
      "nothing: the config has changes that no update has applied yet",
    ],
    [
      "waits for a person where the cluster is not as recorded",
      { verdict: "pass", differences: ["the route gives 50%"] },
      "nothing: the route gives 50%",
    ],
    [
      "stays without requests after a failed check",
      { weight: 0, canary: { check: { ...check("1.5.0", 0, "fail") } } },
      "nothing: the check of 1.5.0 failed at 2026-11-21T08:00:00.000Z; a person decides",
    ],
  ];
  for (const [what, setting, expected] of cases) {
    it(what, () => assert.equal(next(setting), expected));
  }

  it("gives a worker's canary a share before its promotion, because it has no pods at 0%", () => {
    const worker = {
      app: { kind: "worker" },
      steps: { weights: [100], every: "30m", check: false },
    };
    assert.match(next({ ...worker, weight: 0 }), /^weigh 100: /);
    assert.match(next({ ...worker, weight: 100 }), /^promote: /);
    assert.match(next({ ...worker, app: {}, weight: 0 }), /^promote: /);
  });

  it("has no pods if it is a worker's and its share was taken away", () => {
    const app = { kind: "worker" };
    assert.equal(
      next({ app, weight: 0, verdict: "fail" }),
      "nothing: the check of 1.5.0 fails, and it has no pods",
    );
    assert.match(next({ app, weight: 5, verdict: "fail" }), /^take-away: /);
    const story = new Story(loose);
    story.up({}, -hour);
    for (const [weight, seconds] of [
      [5, 0],
      [0, 60],
    ] as const) {
      story.up({ canary: { version: "1.5.0", weight }, template: debug }, seconds);
    }
    const worker = appSchema.parse({
      ...{ team: "commerce", kind: "worker", image: "harbor.platform.test/shop/shop", steps },
      ...{ stable: { version: "1.4.2" }, canary: { version: "1.5.0", weight: 0 } },
    }) as AdvanceArgs["app"];
    const { record } = story;
    const now = new Date(at(hour));
    assert.deepEqual(nextStep({ app: worker, record, differences: [], check: undefined, now }), {
      kind: "nothing",
      reason: `the pods of 1.5.0 stopped at ${at(60)}; a person decides: give it a share, or end it`,
    });
  });

  it("becomes stable after one commit, with one step per interval, and never skips its check", () => {
    const seen: string[] = [];
    let weight = 0;
    for (let step = 0; step < 10; step += 1) {
      const made = next({ weight, verdict: "pass", waited: hour });
      seen.push(made.split(":")[0] ?? "");
      if (!made.startsWith("weigh ")) break;
      weight = Number(/^weigh (\d+)/.exec(made)?.[1]);
    }
    assert.deepEqual(seen, ["weigh 5", "weigh 25", "weigh 50", "promote"]);
  });

  it("stops after its requests went back because of a missing verdict", () => {
    const story = new Story(loose);
    story.up({}, -hour);
    story.up({ canary: { version: "1.5.0", weight: 5 }, template: debug }, 0);
    const seen: string[] = [];
    let weight = 5;
    for (let round = 1; round <= 4; round += 1) {
      const app = appSchema.parse({
        team: "commerce",
        domain: "shop.platform.test",
        image: "harbor.platform.test/shop/shop",
        stable: { version: "1.4.2" },
        canary: { version: "1.5.0", weight },
        steps: { ...steps, inconclusive: "end" },
      }) as AdvanceArgs["app"];
      const check: CheckResult = { verdict: "inconclusive", findings: [], requests: 0 };
      const now = new Date(at(round * hour));
      const step = nextStep({ app, record: story.record, differences: [], check, now });
      seen.push(step.kind);
      if (step.kind === "take-away") weight = 0;
      if (step.kind === "weigh") weight = step.weight;
      story.up({ canary: { version: "1.5.0", weight }, template: debug }, round * hour);
    }
    assert.deepEqual(seen, ["take-away", "nothing", "nothing", "nothing"]);
  });
});

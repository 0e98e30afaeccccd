import assert from "node:assert/strict";
import type { DesiredApp } from "../../../releases";
import { ageOf } from "../../../cli/release/trial";
import { at, debug, emergency, hour, loose, Story, strict, texts } from "./story";

const sharesPods = true;
const policy = { ...strict, checkRequired: false };
const promote: Partial<DesiredApp> = { sharesPods, stable: { version: "1.5.0" }, template: debug };

/** A story of a worker, or of a web app, and what gives its canary 1.5.0 a share. */
function trial(worker = true, rules = policy) {
  const story = new Story(rules);
  const kind = worker ? { sharesPods } : {};
  story.up(kind, -hour);
  const weigh = (weight: number, seconds: number, template = debug) =>
    story.up({ ...kind, canary: { version: "1.5.0", weight }, template }, seconds);
  return { story, weigh, since: () => story.record?.releases["1.5.0"]?.canarySince };
}

describe("the soak time of a worker's canary, which has no pods at 0%", () => {
  it("begins with its first share", () => {
    const { story, weigh, since } = trial();
    weigh(0, 0);
    assert.equal(since(), undefined);
    weigh(25, 2 * hour);
    assert.equal(since(), at(2 * hour));
    const [[, message] = []] = story.refused(promote, 2 * hour + 60);
    assert.match(message ?? "", /has been the canary for 1 min of the 1 h that it needs/);
    weigh(50, 2 * hour + 120);
    assert.equal(since(), at(2 * hour), "another share does not restart it");
    assert.match(texts(story.planned(promote, 3 * hour)).join(), /promote 1\.5\.0/);
  });

  it("ends at 0%, and restarts with the next share", () => {
    const { weigh, since } = trial();
    weigh(25, 0);
    weigh(0, 60);
    assert.equal(since(), undefined);
    weigh(25, 120);
    assert.equal(since(), at(120));
  });

  it("restarts with its pods", () => {
    const { weigh, since } = trial(true, loose);
    weigh(25, 0);
    weigh(25, 60, { ...debug, env: { LEVEL: "trace" } });
    assert.equal(since(), at(60));
  });

  it("refuses a promotion from 0%, whatever the time", () => {
    const { story, weigh } = trial();
    weigh(0, 0);
    assert.deepEqual(story.refused(promote, 10 * hour), [
      [
        "canary-before-stable",
        "1.5.0 is a canary at 0%, so it has no pods and has not run yet",
        `give it a share first: npx platform release weight shop <percent> --stack <stack>; its soak time of 1 h begins then${emergency}`,
      ],
    ]);
    assert.equal(ageOf({ record: story.record, now: new Date(at(10 * hour)) }, "1.5.0"), 0);
    weigh(25, 10 * hour);
    assert.equal(ageOf({ record: story.record, now: new Date(at(11 * hour)) }, "1.5.0"), hour);
  });

  it("is that of its role for a web app, whose canary at 0% has pods", () => {
    const { story, weigh, since } = trial(false);
    weigh(0, 0);
    weigh(25, hour - 1);
    weigh(0, hour);
    assert.equal(since(), at(0));
    story.planned({ ...promote, sharesPods: undefined }, hour);
  });
});

import assert from "node:assert/strict";
import type { ReleasePolicy } from "../../../releases";
import { at, check, debug, hour, loose, Story, strict, withCanary } from "./story";

/** A story's next update by another policy, with what is recorded so far. */
function under(policy: ReleasePolicy, story: Story): Story {
  const next = new Story(policy);
  next.record = story.record;
  return next;
}

const jump = { stable: { version: "7.7.7" }, template: debug };
const kept = { canary: { version: "1.5.0", weight: 10 }, template: debug };
const weaker = { by: "ann", reason: "the test stack needs no canary" };

describe("the guard of stable", () => {
  it("is not switched off in the change that it guards", () => {
    const story = under(loose, withCanary());
    assert.equal(story.refused(jump, hour)[0]?.[0], "canary-before-stable");
    const early = { stable: { version: "1.5.0", check: check("1.5.0", 60) }, template: debug };
    assert.match(story.refused(early, 60)[0]?.[1] ?? "", /has been canary for 1 min of the 1 h/);
  });

  it("stays in force until an update with a reason of its own has changed it", () => {
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

  it("asks for another reason the next time", () => {
    const told = under({ ...loose, weaker }, withCanary());
    told.up(kept, 60);
    const strictAgain = under(strict, told);
    strictAgain.up(kept, 120);
    const again = under({ ...loose, weaker }, strictAgain);
    const [notice] = again.up(kept, 180).notices;
    assert.match(notice?.text ?? "", /has served an earlier change/);
    assert.equal(again.refused(jump, 240)[0]?.[0], "canary-before-stable");
  });

  it("keeps a freeze for the change that takes it away", () => {
    const freezes = [{ scope: "app shop", until: at(10 * hour), reason: "sale" }];
    const story = withCanary();
    story.up({ ...kept, freezes }, 60);
    const grown = { canary: { version: "1.5.0", weight: 50 }, template: debug };
    const [refusal] = story.refused(grown, 120);
    assert.equal(refusal?.[0], "frozen");
    assert.match(refusal?.[1] ?? "", /needs an update of its own/);
    story.up(kept, 180);
    story.up(grown, 240);
  });

  it("wants a check that is not too old and saw enough", () => {
    const policy = { ...strict, checkValid: 24 * hour, minimumSamples: 500 };
    const story = under(policy, withCanary());
    const late = { stable: { version: "1.5.0", check: check("1.5.0", 2 * hour) }, template: debug };
    assert.match(
      story.refused(late, 60 * 24 * hour)[0]?.[1] ?? "",
      /was made 59 d 22 h ago, and counts for 1 d/,
    );
    const typed = { ...check("1.5.0", 2 * hour), samples: 0 };
    const [refusal] = story.refused(
      { stable: { version: "1.5.0", check: typed }, template: debug },
      3 * hour,
    );
    assert.match(refusal?.[1] ?? "", /saw 0 requests, and needs 500/);
    story.up(late, 3 * hour);
  });
});

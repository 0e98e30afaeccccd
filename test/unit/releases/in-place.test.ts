import assert from "node:assert/strict";
import { newestRecords } from "../../../program/newest-records";
import { inPlaceAt, parseAppRecord } from "../../../releases";
import { canonical } from "../../../releases/template";
import { at, check, debug, hour, Story, withCanary } from "./story";

const asked = { canary: { version: "1.5.0", weight: 10 }, template: debug };

describe("the time of a record", () => {
  it("is when the changes were in place: a canary soaks from then on", () => {
    const story = new Story();
    story.up({}, -hour);
    const { next } = story.planned(asked, 0);
    const placed = inPlaceAt(next, story.record, new Date(at(1500)));
    assert.equal(placed.changedAt, at(1500));
    assert.equal(placed.releases["1.5.0"]?.canarySince, at(1500));
    assert.deepEqual(placed.canaries, [
      { at: at(1500), kind: "start", release: "1.5.0", weight: 10 },
    ]);
    assert.equal(placed.releases["1.4.2"]?.stableSince, at(-hour), "what did not change");
    assert.deepEqual(placed.history, next.history);

    story.record = parseAppRecord(JSON.parse(JSON.stringify(placed)), "shop");
    const promote = (seconds: number) => ({
      stable: { version: "1.5.0", check: check("1.5.0", seconds) },
      template: debug,
    });
    const [[rule = "", message = ""] = []] = story.refused(promote(hour), hour);
    assert.equal(rule, "canary-before-stable");
    assert.match(message, /has been the canary for 35 min of the 1 h that it needs; 25 min remain/);
    story.planned(promote(hour + 1500), hour + 1500);
  });

  it("is after the last change, whatever the clock said when a canary was planned", () => {
    for (const seconds of [-hour - 120, -hour]) {
      const story = new Story();
      story.up({}, -hour);
      const { next } = story.planned(asked, seconds);
      const placed = inPlaceAt(next, story.record, new Date(at(1800)));
      assert.equal(placed.changedAt, at(1800));
      assert.equal(placed.releases["1.5.0"]?.canarySince, at(1800));
      const urn = "urn:pulumi:prod::platform::platform:app:App::shop";
      const component = { urn, type: "platform:app:App", outputs: { record: next } };
      assert.equal(newestRecords({ shop: story.record }, [component]).shop, next);
    }
  });

  it("is unchanged, to the byte, if an update changes nothing", () => {
    const story = withCanary();
    const { next } = story.planned(asked, 2 * hour);
    assert.equal(
      canonical(inPlaceAt(next, story.record, new Date(at(3 * hour)))),
      canonical(story.record),
    );
  });

  it("is never before the plan, whatever the clock", () => {
    const { next } = new Story().planned({}, 0);
    assert.deepEqual(inPlaceAt(next, undefined, new Date(at(-hour))), next);
    const placed = inPlaceAt(next, undefined, new Date(at(60)));
    assert.equal(placed.releases["1.4.2"]?.stableSince, at(60));
    assert.deepEqual(
      placed.history.map((entry) => entry.at),
      [at(60)],
    );
  });
});

import assert from "node:assert/strict";
import { check, debug, emergency, hour, at, Story, ten, texts } from "./story";

const [from, to] = [{ namespace: "commerce-online" }, { namespace: "shops" }];

function placed(): Story {
  const story = new Story();
  story.up(from, -hour);
  return story;
}

describe("a move to another namespace", () => {
  it("is a separate step, and recorded", () => {
    const story = placed();
    assert.deepEqual(texts(story.up(to, 0)), [
      "move from namespace commerce-online to shops: every release is deployed there with the pods that its requests need, then requests go there, then the former objects are deleted; http://shop-stable.commerce-online no longer answers afterwards: apps that use this address must use the app's domain before the move",
    ]);
    assert.equal(story.record?.namespace, "shops");
    assert.equal(story.record?.changedAt, at(0));
    assert.deepEqual(texts(story.up(to, hour)), ["nothing changes"]);
  });

  it("names the removed address and its callers; a worker has none", () => {
    const callers = ["commerce/cart", "content/news"];
    const [text = ""] = texts(placed().up({ ...to, callers }, 0));
    assert.match(
      text,
      /; http:\/\/shop-stable\.commerce-online no longer answers afterwards \(it is called by commerce\/cart, content\/news\): /,
    );
    const [worker = ""] = texts(placed().up({ ...to, sharesPods: true }, 0));
    assert.equal(
      worker,
      "move from namespace commerce-online to shops: every release is deployed there with all of its pods, which work next to the former ones at first, then the former objects are deleted",
    );
  });

  it("is refused while a canary is live, and together with its start or end", () => {
    const story = placed();
    const refusal = [
      "move-alone",
      "shop moves from namespace commerce-online to shops while 1.5.0 is the canary",
      "promote or remove canary 1.5.0 first, and change the namespace in a separate update",
    ];
    const canary = { canary: ten, template: debug };
    assert.deepEqual(story.refused({ ...to, ...canary }, 0), [refusal]);
    story.up({ ...from, ...canary }, 0);
    assert.deepEqual(story.refused({ ...to, ...canary }, hour), [refusal]);
    assert.deepEqual(story.refused({ ...to, template: debug }, hour), [refusal]);
    const stable = { version: "1.5.0", check: check("1.5.0", 2 * hour) };
    assert.deepEqual(story.refused({ ...to, template: debug, stable }, 2 * hour), [refusal]);
  });

  it("is refused together with a rollback", () => {
    const story = placed();
    story.up({ ...from, canary: ten, template: debug }, 0);
    const stable = { version: "1.5.0", check: check("1.5.0", 2 * hour) };
    story.up({ ...from, template: debug, stable }, 2 * hour);
    assert.deepEqual(story.refused({ ...to, template: debug }, 3 * hour), [
      [
        "move-alone",
        "shop moves from namespace commerce-online to shops, and stable changes as well",
        "keep stable 1.5.0 in the update that changes the namespace",
      ],
    ]);
  });

  it("is refused during a freeze, also of the team that it leaves", () => {
    const freezes = [{ scope: "team commerce", until: at(9 * hour), reason: "sale" }];
    const remedy = `wait until then; a rollback to a kept release, removing the canary and lowering its weight stay allowed${emergency}`;
    const message = `team commerce is frozen until ${at(9 * hour)}: sale`;
    const story = placed();
    assert.deepEqual(story.refused({ ...to, freezes }, 0), [["frozen", message, remedy]]);
    story.up({ ...from, freezes }, 0);
    assert.deepEqual(story.refused(to, hour), [
      [
        "frozen",
        `${message} (this change removes the freeze, which needs a separate update)`,
        remedy,
      ],
    ]);
  });

  it("is not detected if the record of an older program does not contain the namespace", () => {
    const story = new Story();
    story.up({}, -hour);
    assert.deepEqual(texts(story.up(to, 0)), ["nothing changes"]);
    assert.equal(story.record?.namespace, "shops");
  });
});

import assert from "node:assert/strict";
import { plan, runningReleases } from "../../../releases";
import {
  at,
  check,
  debug,
  hour,
  loose,
  promoted,
  roles,
  shop,
  Story,
  strict,
  ten,
  texts,
  withCanary,
} from "./story";

describe("the lifecycle of a release", () => {
  it("from first deployment to retirement", () => {
    const story = new Story();
    const told = (desired: Parameters<Story["up"]>[0], seconds: number) => {
      const made = story.up(desired, seconds);
      return [...texts(made), ...roles(made)];
    };
    assert.deepEqual(told({}, 0), [
      "deploy 1.4.2",
      "1.4.2 is the first stable release",
      "stable 1.4.2 100%",
    ]);
    assert.deepEqual(told({ canary: { ...ten, weight: 0 }, template: debug }, hour), [
      "deploy 1.5.0",
      "1.5.0 is the canary at 0%",
      "stable 1.4.2 100%",
      "canary 1.5.0 0%",
    ]);
    assert.deepEqual(told({ canary: { ...ten, weight: 50 }, template: debug }, hour), [
      "weight of canary 1.5.0: 0% → 50%",
      "stable 1.4.2 50%",
      "canary 1.5.0 50%",
    ]);
    const stable = { version: "1.5.0", check: check("1.5.0", 2 * hour) };
    assert.deepEqual(told({ stable, template: debug }, 2 * hour), [
      "promote 1.5.0: it is stable in place of 1.4.2",
      "stable 1.5.0 100%",
      "retained 1.4.2 0%",
    ]);
    assert.deepEqual(told({ template: debug }, 3 * hour), [
      "roll back to 1.4.2 from 1.5.0",
      "stable 1.4.2 100%",
      "retained 1.5.0 0%",
    ]);
    assert.deepEqual(told({ stable, template: debug }, 4 * hour), [
      "roll back to 1.5.0 from 1.4.2",
      "stable 1.5.0 100%",
      "retained 1.4.2 0%",
    ]);
    const next = { version: "1.6.0", weight: 100 };
    told({ stable, canary: next, template: debug }, 5 * hour);
    assert.deepEqual(
      told(
        { stable: { version: "1.6.0", check: check("1.6.0", 6 * hour) }, template: debug },
        6 * hour,
      ),
      [
        "promote 1.6.0: it is stable in place of 1.5.0",
        "retire 1.4.2",
        "stable 1.6.0 100%",
        "retained 1.5.0 0%",
      ],
    );
    assert.deepEqual(
      story.record?.history.map(({ kind, from, to }) => [kind, from, to]),
      [
        ["promote", "1.5.0", "1.6.0"],
        ["rollback", "1.4.2", "1.5.0"],
        ["rollback", "1.5.0", "1.4.2"],
        ["promote", "1.4.2", "1.5.0"],
        ["first", undefined, "1.4.2"],
      ],
    );
    assert.deepEqual(Object.keys(story.record?.templates ?? {}).length, 1);
  });

  it("is recorded with its times", () => {
    assert.deepEqual(promoted().record?.releases["1.5.0"], {
      version: "1.5.0",
      revision: 1,
      template: promoted().record?.configTemplate,
      firstDeployedAt: at(0),
      canarySince: at(0),
      canaryUntil: at(hour),
      stableSince: at(hour),
      check: check("1.5.0", hour),
    });
  });
});

describe("a plan", () => {
  it("lets both Services select stable while there is no canary", () => {
    const { services, weights } = new Story().up({}, 0);
    assert.deepEqual(services, { stable: "shop-1-4-2", canary: "shop-1-4-2" });
    assert.deepEqual(weights, { stable: 100, canary: 0 });
  });

  it("names the releases that the Services select", () => {
    const { services, weights, releases } = withCanary().planned(
      { canary: ten, template: debug },
      60,
    );
    assert.deepEqual(services, { stable: "shop-1-4-2", canary: "shop-1-5-0" });
    assert.deepEqual(weights, { stable: 90, canary: 10 });
    assert.deepEqual(
      releases.map(({ name }) => name),
      ["shop-1-4-2", "shop-1-5-0"],
    );
  });

  it("keeps as many former releases as the policy says, the latest first", () => {
    const story = withCanary({ ...loose, retain: 2 });
    for (const version of ["1.5.0", "1.6.0", "1.7.0"]) {
      story.up({ stable: { version }, template: debug }, hour);
    }
    assert.deepEqual(story.record?.retained, ["1.6.0", "1.5.0"]);
    story.up({ stable: { version: "1.5.0" }, template: debug }, 2 * hour);
    assert.deepEqual(story.record?.retained, ["1.7.0", "1.6.0"]);
  });

  it("keeps one former release where the policy does not say", () => {
    assert.deepEqual(promoted({ ...strict, retain: undefined }).record?.retained, ["1.4.2"]);
  });

  it("never keeps an aborted canary, and never lets it displace the last good release", () => {
    const story = promoted();
    const stable = { version: "1.5.0" };
    story.up({ stable, canary: { version: "1.6.0", weight: 10 }, template: debug }, 2 * hour);
    const made = story.up({ stable, template: debug }, 3 * hour);
    assert.deepEqual(roles(made), ["stable 1.5.0 100%", "retained 1.4.2 0%"]);
    assert.deepEqual(made.retired, ["1.6.0"]);
  });

  it("keeps an aborted canary that had been stable, behind the others", () => {
    const story = promoted({ ...strict, retain: 2 });
    story.up({ canary: ten, template: debug }, 2 * hour);
    const made = story.up({ template: debug }, 3 * hour);
    assert.deepEqual(roles(made), ["stable 1.4.2 100%", "retained 1.5.0 0%"]);
    assert.equal(story.record?.releases["1.5.0"]?.canaryUntil, at(3 * hour));
  });

  it("goes back at once to a canary that had been stable", () => {
    const story = promoted();
    story.up({ canary: ten, template: debug }, 2 * hour);
    assert.equal(story.record?.releases["1.5.0"]?.canarySince, at(2 * hour));
    const made = story.up({ stable: { version: "1.5.0" }, template: debug }, 2 * hour + 1);
    assert.deepEqual(texts(made), ["roll back to 1.5.0 from 1.4.2"]);
  });

  it("can be read back from the record", () => {
    const story = promoted();
    const desired = { stable: { version: "1.5.0" }, canary: { version: "1.6.0", weight: 20 } };
    const made = story.up({ ...desired, template: debug }, 2 * hour);
    assert.deepEqual(runningReleases(story.record ?? assert.fail(), "shop"), made.releases);
    assert.deepEqual(roles(made), ["stable 1.5.0 80%", "canary 1.6.0 20%", "retained 1.4.2 0%"]);
  });

  it("can be repeated after a crash, and changes nothing once it is recorded", () => {
    const story = withCanary();
    const desired = shop({ canary: { ...ten, weight: 30 }, template: debug });
    const before = story.record;
    const first = plan(before, desired, at(60), strict);
    assert.deepEqual(plan(before, desired, at(60), strict), first);
    if (first.kind === "refusal") assert.fail("must be legal");
    const again = plan(first.next, desired, at(120), strict);
    if (again.kind === "refusal") assert.fail("must be legal");
    assert.deepEqual(again.steps, [{ kind: "nothing", text: "nothing changes" }]);
    assert.equal(JSON.stringify(again.next), JSON.stringify(first.next));
  });

  it("remembers ten changes", () => {
    const story = new Story(loose);
    for (let patch = 0; patch < 14; patch++)
      story.up({ stable: { version: `1.0.${patch}` } }, patch);
    assert.deepEqual(
      story.record?.history.map(({ to }) => to),
      Array.from({ length: 10 }, (_, back) => `1.0.${13 - back}`),
    );
  });

  it("accepts versions that are property names of every object", () => {
    const story = new Story(loose);
    story.up({ canary: { version: "constructor", weight: 10 } }, 0);
    story.up({ stable: { version: "toString" } }, 60);
    assert.deepEqual(Object.keys(story.record?.releases ?? {}), ["1.4.2", "toString"]);
  });

  it("requires a valid time", () => {
    assert.throws(() => plan(undefined, shop(), "noon", strict), {
      name: "RangeError",
      message: '"noon" is not a time; give a date or a text such as 2026-11-21T08:00:00Z.',
    });
  });
});

describe("the inverse of an update", () => {
  it("of a promotion is the former config", () => {
    const story = withCanary();
    const stable = { version: "1.5.0", check: check("1.5.0", hour) };
    assert.deepEqual(story.planned({ stable, template: debug }, hour).inverse, {
      kind: "edit",
      stable: { version: "1.4.2", revision: 1 },
      canary: { version: "1.5.0", revision: 1, weight: 10 },
      redeploys: [],
      text: "stable: { version: 1.4.2 }, canary: { version: 1.5.0, weight: 10 }",
    });
  });

  it("of an abort would deploy the canary again, and says so", () => {
    const { inverse } = withCanary().planned({ template: debug }, 60);
    assert.equal(
      inverse.text,
      "stable: { version: 1.4.2 }, canary: { version: 1.5.0, weight: 10 }, 1.5.0 would be deployed again",
    );
  });

  it("of a new canary is none", () => {
    const story = new Story();
    story.up({ stable: { version: "1.4.2", revision: 3 } }, 0);
    const made = story.planned({ stable: { version: "1.4.2", revision: 3 }, canary: ten }, 60);
    assert.equal(made.inverse.text, "stable: { version: 1.4.2, revision: 3 }, no canary");
  });

  it("of a first deployment and of no change is empty", () => {
    const story = new Story();
    assert.deepEqual(story.up({}, 0).inverse, {
      kind: "none",
      text: "nothing is known about what ran before",
    });
    assert.deepEqual(story.up({}, 60).inverse, { kind: "none", text: "there is nothing to undo" });
  });
});

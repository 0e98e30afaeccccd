import assert from "node:assert/strict";
import { at, debug, hour, loose, promoted, Story, template, ten, texts, withCanary } from "./story";

describe("a live release is immutable", () => {
  it("so an edited configuration needs another release", () => {
    const story = withCanary();
    assert.deepEqual(story.refused({ canary: ten, template: template("trace") }, 60), [
      [
        "release-is-immutable",
        "env.LEVEL would change the pods of releases that are live",
        "release the change as a canary: of a new version, or of the same one with canary: { version: 1.5.0, revision: 2, weight: … }",
      ],
    ]);
  });

  it("and at most eight paths are listed", () => {
    const story = new Story();
    story.up({}, 0);
    const env = Object.fromEntries([..."abcdefghij"].map((name) => [name, "1"]));
    const [refusal] = story.refused({ template: { ...template("info"), env } }, 60);
    assert.equal(
      refusal?.[1],
      "env.LEVEL, env.a, env.b, env.c, env.d, env.e, env.f, env.g and 3 more would change the pods of releases that are live",
    );
  });

  it("whatever the template of the newer canary", () => {
    const made = withCanary().planned({ canary: ten, template: debug }, 60);
    assert.deepEqual(texts(made), ["nothing changes"]);
    assert.deepEqual(
      made.releases.map((it) => it.template),
      [template("info"), debug],
    );
  });

  it("and comes back with its own configuration", () => {
    const made = promoted().up({ template: debug }, 2 * hour);
    assert.deepEqual(texts(made), ["roll back to 1.4.2 from 1.5.0"]);
    assert.deepEqual(made.releases[0]?.template, template("info"));
  });

  it("so reverting a commit, including its configuration, is allowed", () => {
    assert.deepEqual(texts(promoted().up({}, 2 * hour)), ["roll back to 1.4.2 from 1.5.0"]);
    assert.deepEqual(texts(withCanary().up({}, 60)), [
      "1.5.0 is no longer the canary; stable takes all requests",
      "retire 1.5.0",
    ]);
  });

  it("and going back is not blocked by another edit, which waits", () => {
    for (const story of [promoted(), withCanary()]) {
      const made = story.up({ template: template("trace") }, 2 * hour);
      assert.deepEqual(made.notices, [
        {
          kind: "template-waits",
          text: "env.LEVEL changed in the config and wait for the next new release; no live release uses them",
        },
      ]);
      assert.deepEqual(made.releases[0]?.template, template("info"));
      const later = story.up({ template: template("trace") }, 3 * hour);
      assert.deepEqual(texts(later), ["nothing changes"]);
    }
  });

  it("but without a forced canary, it is updated in place if the config names it", () => {
    const story = withCanary(loose);
    const made = story.up({ canary: ten, template: template("trace") }, 60);
    assert.deepEqual(texts(made), [
      "replace the pods of 1.4.2: env.LEVEL changed",
      "replace the pods of 1.5.0: env.LEVEL changed",
    ]);
    assert.deepEqual(story.record?.releases["1.5.0"]?.canarySince, at(60));
    assert.deepEqual(
      made.releases.map((it) => it.template),
      Array(2).fill(template("trace")),
    );
    assert.deepEqual(made.inverse, {
      kind: "none",
      text: "restore the previous configuration: env.LEVEL",
    });
  });

  it("and jobs that change are not said to change its pods", () => {
    const jobs = { cron: { close: { command: ["close"] } } };
    const story = new Story(loose);
    story.up({}, 0);
    assert.deepEqual(texts(story.planned({ template: { ...template("info"), ...jobs } }, 60)), [
      "change the jobs of 1.4.2, not its pods: cron changed",
    ]);
    assert.deepEqual(texts(story.planned({ template: { ...debug, ...jobs } }, 60)), [
      "replace the pods of 1.4.2: cron, env.LEVEL changed",
    ]);
    const [refusal] = withCanary().refused(
      { canary: ten, template: { ...debug, ...jobs, migrate: { command: ["x"] } } },
      60,
    );
    assert.equal(refusal?.[1], "cron, migrate would change the jobs of releases that are live");
  });
});

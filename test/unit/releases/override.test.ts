import assert from "node:assert/strict";
import type { DesiredApp } from "../../../releases";
import { at, debug, hour, override, promoted, strict, template, texts, withCanary } from "./story";

describe("an override", () => {
  it("bypasses the canary, keeps it in its role and is recorded", () => {
    const story = withCanary();
    const hotfix: Partial<DesiredApp> = {
      stable: { version: "1.4.3" },
      canary: { version: "1.5.0", weight: 10 },
      template: debug,
      override,
    };
    const made = story.up(hotfix, 60);
    assert.deepEqual(texts(made), [
      "ann overrides canary-before-stable (1.4.3 is requested as stable, but 1.4.2 is stable and 1.5.0 is the canary; no record shows 1.4.3 as a canary; no former release is kept): payments are down",
      "deploy 1.4.3",
      "1.4.3 is stable in place of 1.4.2, without having been a canary",
    ]);
    assert.deepEqual(story.record?.history[0], {
      at: at(60),
      kind: "jump",
      from: "1.4.2",
      to: "1.4.3",
      ...override,
      rules: ["canary-before-stable"],
    });
    assert.deepEqual(made.canary, "1.5.0");
    assert.deepEqual(story.record?.retained, ["1.4.2"]);
  });

  it("brings back a release that is no longer kept", () => {
    const story = promoted({ ...strict, retain: 0 });
    const [refusal] = story.refused({ template: debug }, 2 * hour);
    assert.equal(refusal?.[0], "release-not-kept");
    const made = story.up({ template: debug, override }, 2 * hour);
    assert.deepEqual(
      made.steps.map(({ kind }) => kind),
      ["override", "deploy", "jump", "retire"],
    );
  });

  it("that is left over is a notice", () => {
    const story = withCanary();
    const canary = { version: "1.5.0", weight: 10 };
    const unused = story.up({ canary, template: debug, override }, 60);
    assert.deepEqual(unused.notices, [
      { kind: "override-unused", text: "the override of ann overrides nothing; remove it" },
    ]);
    const hotfix = { stable: { version: "1.4.3" }, canary, template: debug, override };
    story.up(hotfix, 120);
    assert.deepEqual(story.up(hotfix, 180).notices, [
      { kind: "override-unused", text: "the override of ann was used for its change; remove it" },
    ]);
  });

  it("applies to one change", () => {
    const story = withCanary();
    story.up({ stable: { version: "1.4.3" }, template: debug, override }, 60);
    const again = { stable: { version: "1.4.4" }, template: debug };
    assert.deepEqual(
      story.refused({ ...again, override }, 120).map(([rule, message]) => [rule, message]),
      [
        [
          "canary-before-stable",
          "1.4.4 is requested as stable, but 1.4.3 is stable; no record shows 1.4.4 as a canary; kept for a rollback: 1.4.2",
        ],
        [
          "override-used",
          'the override of ann ("payments are down") was used for an earlier change',
        ],
      ],
    );
    story.up({ ...again, override: { ...override, reason: "and the fix was wrong" } }, 120);
  });

  it("needs a reason and a name", () => {
    const desired = {
      stable: { version: "1.4.3" },
      template: debug,
      override: { by: " ", reason: "" },
    };
    assert.deepEqual(withCanary().refused(desired, 60), [
      [
        "incomplete-override",
        "the override has no reason and no by",
        "write why rules are overridden and who decided it; both are recorded",
      ],
    ]);
  });

  it("does not change a live release", () => {
    const [refusal] = withCanary().refused(
      { canary: { version: "1.5.0", weight: 10 }, template: template("trace"), override },
      60,
    );
    assert.equal(refusal?.[0], "release-is-immutable");
  });
});

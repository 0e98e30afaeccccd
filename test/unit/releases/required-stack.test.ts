import assert from "node:assert/strict";
import { parseAppRecord, provenReleases, type Proof, type ReleasePolicy } from "../../../releases";
import { at, check, debug, hour, loose, Story, template, texts, withCanary } from "./story";

const gray = "organization/platform/gray";
const requiring: ReleasePolicy = { ...loose, requires: gray };
const canary = { canary: { version: "1.5.0", weight: 0 }, template: debug };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** Returns what a story of the stack gray has proven. */
function proofOf({ record }: Story): Proof[] {
  return [{ stack: gray, releases: provenReleases(parseAppRecord(record, "shop")) }];
}

function tried(): Story {
  const story = new Story(loose);
  story.up({ stable: { version: "1.4.2" } }, 0);
  story.up({ stable: { version: "1.5.0" }, template: debug }, hour);
  return story;
}

describe("a stack that requires another one's proof", () => {
  it("accepts a version that is stable there, and says since when", () => {
    const proofs = proofOf(tried());
    const story = new Story(requiring);
    const first = story.up({ proofs }, 2 * hour);
    assert.equal(texts(first)[0], `1.4.2 was stable from ${at(0)} to ${at(hour)} in ${gray}`);
    const next = story.up({ ...canary, proofs }, 3 * hour);
    assert.equal(texts(next)[0], `1.5.0 is stable since ${at(hour)} in ${gray}`);
    assert.deepEqual(texts(story.planned({ ...canary, proofs }, 4 * hour)), ["nothing changes"]);
  });

  it("refuses an unproven version, as canary and as the first release", () => {
    const proofs = proofOf(tried());
    const [first] = new Story(requiring).refused({ stable: { version: "2.0.0" }, proofs }, 0);
    assert.equal(first?.[0], "required-stack");
    const story = new Story(requiring);
    story.up({ proofs }, 0);
    const asked = { canary: { version: "2.0.0", weight: 0 }, template: debug, proofs };
    const [refusal] = story.refused(asked, hour);
    assert.deepEqual(refusal, [
      "required-stack",
      `2.0.0 is new in this stack, and ${gray}, which platform:releases.requires names, has no record of it as stable, nor of a check that it passed`,
      `release 2.0.0 in ${gray} first; in an emergency add override: { reason, by }`,
    ]);
    story.up({ ...asked, override: { by: "ann", reason: "payments are down" } }, hour);
  });

  it("refuses if there is no proof at all, and says why", () => {
    const story = new Story(requiring);
    assert.equal(story.refused({}, 0)[0]?.[0], "required-stack");
    const proofs = [{ stack: gray, releases: [], unreadable: "no stack named gray" }];
    assert.match(story.refused({ proofs }, 0)[0]?.[1] ?? "", /cannot be read: no stack named gray/);
  });

  it("accepts a canary whose check passed there, but not one whose check failed", () => {
    const passed = withCanary();
    const trial = { version: "1.5.0", weight: 10, check: check("1.5.0", 60) };
    passed.up({ canary: trial, template: debug }, 120);
    const story = new Story(requiring);
    story.up({ proofs: proofOf(passed) }, hour);
    const made = story.up({ ...canary, proofs: proofOf(passed) }, hour);
    assert.match(texts(made)[0] ?? "", /^1\.5\.0 passed its check at .*, of 1200 requests in /);

    const failed = withCanary();
    failed.up({ canary: { ...trial, check: check("1.5.0", 60, "fail") }, template: debug }, 120);
    const other = new Story(requiring);
    other.up({ proofs: proofOf(failed) }, hour);
    assert.equal(
      other.refused({ ...canary, proofs: proofOf(failed) }, hour)[0]?.[0],
      "required-stack",
    );
  });

  it("accepts a version that is no longer stable, in any revision, but no version that only starts with it", () => {
    const story = new Story(loose);
    story.up({ stable: { version: "1.4.2", revision: 3 } }, 0);
    story.up({ stable: { version: "1.5.0" }, template: debug }, hour);
    story.up({ stable: { version: "1.6.0" }, template: template("warn") }, 2 * hour);
    const proofs = proofOf(story);
    const online = new Story(requiring);
    online.up({ stable: { version: "1.4.2" }, proofs }, 3 * hour);
    assert.equal(
      new Story(requiring).refused({ stable: { version: "1.4" }, proofs }, 0)[0]?.[0],
      "required-stack",
    );
    assert.equal(
      new Story(requiring).refused({ stable: { version: "1.4.20" }, proofs }, 0)[0]?.[0],
      "required-stack",
    );
  });

  it("refuses another image under the tag that was tried", () => {
    const story = new Story(loose);
    story.up({ stable: { version: "1.4.2", digest: digest("a") } }, 0);
    const proofs = proofOf(story);
    const [refusal] = new Story(requiring).refused(
      { stable: { version: "1.4.2", digest: digest("b") }, proofs },
      hour,
    );
    assert.match(refusal?.[1] ?? "", /has the image sha256:b+, and .*gray tried sha256:a+$/);
    new Story(requiring).up({ stable: { version: "1.4.2", digest: digest("a") }, proofs }, hour);
  });

  it("allows a rollback and a promotion, whose releases already run here", () => {
    const proofs = proofOf(tried());
    const story = new Story(requiring);
    story.up({ proofs }, 0);
    story.up({ ...canary, proofs }, hour);
    story.up({ stable: { version: "1.5.0" }, template: debug }, 2 * hour);
    story.up({ stable: { version: "1.4.2" }, template: debug }, 3 * hour);
  });

  it("can be neither disabled nor pointed to another stack in the change that it guards", () => {
    const proofs = proofOf(tried());
    for (const policy of [loose, { ...loose, requires: "organization/platform/test" }]) {
      const story = new Story(requiring);
      story.up({ proofs }, 0);
      const next = new Story(policy);
      next.record = story.record;
      const asked = { canary: { version: "2.0.0", weight: 0 }, template: debug, proofs };
      assert.equal(next.refused(asked, hour)[0]?.[0], "required-stack");
      assert.deepEqual(
        next.planned({ proofs }, hour).notices.map(({ kind }) => kind),
        ["policy-weaker"],
      );
    }
  });

  describe("says which role proves a version, and keeps its image", () => {
    /** What the stack gray asks for, one update an hour, and a release that this stack asks for then. */
    const gray4 = (...updates: object[]) => {
      const story = new Story(loose);
      updates.forEach((update, at) => story.up(update, at * hour));
      return proofOf(story);
    };
    const asked = (release: object, proofs: Proof[]) => ({
      stable: { version: "1.5.0", ...release },
      proofs,
    });
    const refused = (release: object, proofs: Proof[]) =>
      new Story(requiring).refused(asked(release, proofs), 9 * hour)[0];
    const taken = (release: object, proofs: Proof[]) =>
      texts(new Story(requiring).planned(asked(release, proofs), 9 * hour))[0];
    const next = { stable: { version: "1.5.0", digest: digest("a") }, template: debug };
    const later = { stable: { version: "1.6.0" }, template: template("warn") };
    const last = { stable: { version: "1.7.0" }, template: template("error") };

    it("a version that was stable says until when", () => {
      const kept = gray4({}, next, later);
      const text = `1.5.0 was stable from ${at(hour)} to ${at(2 * hour)} in ${gray}`;
      assert.equal(taken({ digest: digest("a") }, kept), text);
      assert.equal(taken({ digest: digest("a") }, gray4({}, next, later, last)), text);
    });

    it("a version that was rolled back, or failed its last check, proves nothing", () => {
      const none = /has no record of it as stable/;
      assert.match(refused({ digest: digest("a") }, gray4({}, next, {}))?.[1] ?? "", none);
      const kept = gray4({}, next, {}, later, last);
      assert.match(refused({ digest: digest("a") }, kept)?.[1] ?? "", none);
      const again = gray4({}, next, {}, next);
      assert.match(taken({ digest: digest("a") }, again) ?? "", /is stable since/);
      // The kept release of a jump back to a version that no longer ran.
      const jumped = gray4({}, next, later, last, { stable: { version: "1.4.2" } });
      assert.match(
        new Story(requiring).refused(
          { stable: { version: "1.7.0" }, proofs: jumped },
          9 * hour,
        )[0]?.[1] ?? "",
        none,
      );
      const failed = { version: "1.5.0", weight: 5, check: check("1.5.0", 3 * hour, "fail") };
      const trial = { ...later, canary: failed };
      const proofs = gray4({}, next, later, trial);
      assert.match(refused({ digest: digest("a") }, proofs)?.[1] ?? "", none);
    });

    it("a version that is only in the history keeps its digest", () => {
      const proofs = gray4({}, next, later, last);
      assert.match(
        refused({ digest: digest("b") }, proofs)?.[1] ?? "",
        /has the image sha256:b+, and .*gray tried sha256:a+$/,
      );
    });

    it("a tested digest must be written here as well", () => {
      const refusal = refused({}, gray4({}, next));
      assert.match(refusal?.[1] ?? "", /^1\.5\.0 names no digest, and .*gray tried sha256:a+$/);
      assert.match(
        refusal?.[2] ?? "",
        /^write the digest next to the version, .* digest: sha256:a+;/,
      );
    });

    it("any revision with the same image proves it", () => {
      const second = { version: "1.5.0", revision: 2, digest: digest("b") };
      const proofs = gray4({}, next, { stable: second, template: template("warn") });
      assert.match(taken({ digest: digest("b") }, proofs) ?? "", /^1\.5\.0-r2 is stable/);
      assert.match(taken({ digest: digest("a") }, proofs) ?? "", /^1\.5\.0 was stable/);
      assert.match(
        refused({ digest: digest("c") }, proofs)?.[1] ?? "",
        /gray tried sha256:a+ and sha256:b+$/,
      );
    });
  });
});

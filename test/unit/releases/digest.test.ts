import assert from "node:assert/strict";
import { debug, loose, Story, strict, ten, texts, withCanary } from "./story";

const first = `sha256:${"a".repeat(64)}`;
const second = `sha256:${"b".repeat(64)}`;

function tried(): Story {
  const story = new Story(loose);
  story.up({ stable: { version: "1.4.2", digest: first } }, 0);
  story.up({ stable: { version: "1.4.2" }, canary: { ...ten, digest: second } }, 60);
  return story;
}

describe("an image by digest", () => {
  it("is recorded with its release, and promoted as it was tried", () => {
    const made = tried().up({ stable: { version: "1.5.0" } }, 120);
    assert.deepEqual(
      made.releases.map(({ key, digest }) => [key, digest]),
      [
        ["1.5.0", second],
        ["1.4.2", first],
      ],
    );
  });

  it("is refused instead of the running one: a tag that was pushed again is another release", () => {
    const [refusal] = tried().refused(
      { stable: { version: "1.4.2", digest: second }, canary: ten },
      120,
    );
    assert.equal(refusal?.[0], "release-is-immutable");
    assert.match(refusal?.[1] ?? "", /^1\.4\.2 runs sha256:a+, and sha256:b+ is another image$/);
    assert.match(refusal?.[2] ?? "", /leave digest out to keep what runs/);
    const [later] = withCanary(strict).refused(
      { canary: { ...ten, digest: first }, template: debug },
      120,
    );
    assert.match(later?.[1] ?? "", /^1\.5\.0 was deployed without a digest/);
  });

  it("stays when the config no longer names it", () => {
    const made = tried().up({ canary: ten }, 120);
    assert.deepEqual(texts(made), ["nothing changes"]);
    assert.equal(made.releases[0]?.digest, first);
  });
});

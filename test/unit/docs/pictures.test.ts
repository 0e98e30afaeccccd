import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  drawnPictures,
  folder,
  hashOf,
  pageHash,
  pictures,
} from "../../support/pictures/catalogue";
import { htmlOf } from "../../support/pictures/comment-page";

/** Maximum size of a picture, bytes: every clone has all of its versions. */
const largest = 200_000;

describe("the pictures of the documentation", () => {
  for (const picture of pictures) {
    const { file } = picture;

    it(`show the present output: ${file}`, () => {
      const drawn = drawnPictures()[file];
      const again = `docs/${file} shows an earlier version: draw it again: node --require ./bin/typescript.cjs test/support/pictures/draw.ts`;
      assert.equal(pageHash(picture), drawn?.page, again);
      assert.equal(hashOf(readFileSync(join(folder, file))), drawn?.file, again);
    });

    it(`are small: ${file}`, () => {
      const { size } = statSync(join(folder, file));
      assert.ok(size < largest, `docs/${file}: expected at most ${largest} bytes, got ${size}`);
    });
  }

  it("are drawn by the command, all of them", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const found = files.filter((file) => /\.(png|jpe?g|gif|svg|webp)$/.test(file));
    assert.deepEqual(found.sort(), pictures.map(({ file }) => file).sort());
  });

  it("do not show Markdown that they would show differently than GitLab", () => {
    assert.equal(htmlOf("**a** of `<b>`"), "<p><strong>a</strong> of <code>&lt;b&gt;</code></p>");
    for (const unknown of ["> quote", "| a | b |", "# title", "<script>", "1) first\n\n  indented"])
      assert.throws(() => htmlOf(unknown), /expected Markdown of a comment, got/);
    assert.throws(() => htmlOf("```sh\nls"), /expected ``` after a block of code/);
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../local/toolchain/paths";

const scripts = /(\.(mjs|sh|py|java)|Dockerfile)$/;
const files = ["components", "local"].flatMap((folder) =>
  readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => scripts.test(file))
    .map((file) => join(folder, file)),
);

/** Words of the last column of docs/words.md, British spellings, and old-fashioned phrases, with what to write. */
const avoided: [RegExp, string][] = [
  [/\bmachines?\b/i, "node, server or computer"],
  [/\bpatience\b/i, "timeout"],
  [/\bin \S+'s pages\b/i, "in the web UI of …"],
  [/\b(licence|behaviour|colour|favour|honour)/i, "US spelling"],
  [/\bfor ever\b/i, "forever"],
  [/\b[Bb]rings? (\S+ ){1,4}about\b|\bBrings about\b/, "configures"],
  [/"\w[^"]* made"|`Made /, "created"],
  [/\b(mend|hopeless|entrance)\b/i, "fix, permanent error, entry point"],
];

describe("scripts that no compiler and no linter reads", () => {
  for (const file of files) {
    it(`${file} uses the words of docs/words.md`, () => {
      const text = readFileSync(join(checkout, file), "utf8");
      for (const [pattern, better] of avoided) {
        assert.doesNotMatch(text, pattern, `${file}: write "${better}"`);
      }
    });
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../../../local/toolchain/paths";
import { helpOf } from "../../support/commands";

const read = (path: string) => readFileSync(join(checkout, path), "utf8");

/** Lines of a text that call `stacks query`, with one space between their words. */
const examples = (text: string) =>
  [...text.matchAll(/^ +npx platform stacks query .*$/gm)].map(([line]) =>
    line.trim().replace(/\s+/g, " "),
  );

describe("the guide to many apps", () => {
  it("has the examples of the help of `stacks query`", () => {
    const inPage = examples(read("docs/guides/many-apps.md"));
    assert.equal(inPage.length, 5);
    assert.deepEqual(inPage, examples(helpOf("stacks", "query")));
  });
});

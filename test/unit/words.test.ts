import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { checkout } from "../../local/toolchain/paths";
import { concernedBy } from "../run/changed";

const own = "test/unit/words.test.ts";

/** Files that state former words, or that are generated from other files. */
const exempt =
  /^(CHANGELOG\.md|docs\/words\.md|test\/expected\/.*|docs\/reference\/.*)$|\/words\.test\.ts$/;

const pages = /\.md$/;
const scripts = /(\.(mjs|sh|py|java)|Dockerfile)$/;
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: checkout,
  encoding: "utf8",
});
const files = tracked
  .split("\n")
  .filter((file) => /(\.(md|ts|mjs|sh|py|java)|Dockerfile)$/.test(file) && !exempt.test(file))
  .filter((file) => existsSync(join(checkout, file)));

/** Words of the last column of docs/words.md, British spellings, and old-fashioned phrases, with what to write. */
const avoided: [RegExp, string][] = [
  [/(?<![".`])\bpatience\b/i, "timeout"],
  [/\bin \S+'s pages\b/i, "in the web UI of …"],
  [/\b(licence|behaviour|colour|favour|honour)/i, "US spelling"],
  [/\bfor ever\b/i, "forever"],
  [/\b[Bb]rings? (\S+ ){1,4}about\b|\bBrings about\b/, "configures"],
  [/\b(mend(s|ed|ing)?|hopeless)\b/i, "fix, permanent error"],
  [/\bwhoever\b/i, "who, or anyone who"],
  [/\bbeside\b/i, "next to"],
  [/\banew\b/i, "again"],
  [/\bin the place of\b/i, "instead of"],
];

/** The same for scripts, whose texts are log lines. */
const avoidedInScripts: [RegExp, string][] = [...avoided, [/"\w[^"]* made"|`Made /, "created"]];

/** Returns a sentence for each word of a text that has a better one. */
function findings(file: string, text: string, words = avoided): string[] {
  return words.flatMap(([pattern, better]) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const line = text.slice(0, found.index).split("\n").length;
    return [`${file}:${line}: expected "${better}", got "${found[0]}"`];
  });
}

/** Returns a source without names and patterns: comments and texts remain, in the same lines. */
function prose(file: string, source: string): string {
  const blanked = source.split("");
  const blank = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isRegularExpressionLiteral(node)) {
      blanked.fill(" ", node.getStart(), node.end);
    }
    ts.forEachChild(node, blank);
  };
  blank(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return blanked.join("");
}

describe("the words of docs/words.md", () => {
  const read = (file: string) => readFileSync(join(checkout, file), "utf8");

  it("are those of scripts, which no compiler and no linter reads", () => {
    const all = files.filter((file) => scripts.test(file));
    assert.ok(all.length > 30, String(all.length));
    assert.deepEqual(
      all.flatMap((file) => findings(file, read(file), avoidedInScripts)),
      [],
    );
  });

  it("are those of the documentation", () => {
    const all = files.filter((file) => pages.test(file));
    assert.ok(all.length > 100, String(all.length));
    assert.deepEqual(
      all.flatMap((file) => findings(file, read(file))),
      [],
    );
  });

  it("are those of comments and messages in TypeScript", () => {
    const all = files.filter((file) => file.endsWith(".ts"));
    assert.ok(all.length > 1000, String(all.length));
    const found = all.filter((file) => findings(file, read(file)).length > 0);
    assert.deepEqual(
      found.flatMap((file) => findings(file, prose(file, read(file)))),
      [],
    );
  });

  it("concern this test if one of these files changes", () => {
    const some = files.filter((file) => !/^(bin|test\/run)\//.test(file));
    assert.deepEqual(concernedBy(some, [own]).unreached, []);
  });
});

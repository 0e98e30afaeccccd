import assert from "node:assert/strict";
import { parseIgnoreFile } from "../../../../local/plugins/resource-docker/ignore";

/** Returns the `paths` that the rules exclude. */
function ignored(rules: string, paths: string[]): string[] {
  return paths.filter((path) => parseIgnoreFile(rules).ignores(path));
}

describe(".dockerignore", () => {
  it("anchors patterns at the root, and excludes everything below a match", () => {
    const paths = ["a/x", "b/a/x", "ab", "a"];
    assert.deepEqual(ignored("a", paths), ["a/x", "a"]);
    assert.deepEqual(ignored("/a/", paths), ["a/x", "a"]);
    assert.deepEqual(ignored("./b/../a", paths), ["a/x", "a"]);
  });

  it("knows *, ?, sets and **", () => {
    const paths = ["x.md", "d/x.md", "d/e/x.md", "x1", "x2", "x12"];
    assert.deepEqual(ignored("*.md", paths), ["x.md"]);
    assert.deepEqual(ignored("*/*.md", paths), ["d/x.md"]);
    assert.deepEqual(ignored("**/*.md", paths), ["x.md", "d/x.md", "d/e/x.md"]);
    assert.deepEqual(ignored("d/**", paths), ["d/x.md", "d/e/x.md"]);
    assert.deepEqual(ignored("d**md", paths), ["d/x.md", "d/e/x.md"]);
    assert.deepEqual(ignored("x?", paths), ["x1", "x2"]);
    assert.deepEqual(ignored("x[1]", paths), ["x1"]);
    assert.deepEqual(ignored("x[^1]", paths), ["x2"]);
  });

  it("lets the last matching rule decide", () => {
    const paths = ["docs/a.md", "docs/README.md"];
    const rules = "# all docs\n\ndocs\n!docs/README.md\n";
    assert.deepEqual(ignored(rules, paths), ["docs/a.md"]);
    assert.deepEqual(ignored(`${rules}docs/R*`, paths), paths);
    assert.equal(parseIgnoreFile(rules).prunable, false);
    assert.equal(parseIgnoreFile("docs").prunable, true);
  });

  it("treats other characters literally", () => {
    assert.deepEqual(ignored("a.b(c)+", ["a.b(c)+", "axb(c)+"]), ["a.b(c)+"]);
    assert.deepEqual(ignored("\\*", ["*", "a"]), ["*"]);
  });
});

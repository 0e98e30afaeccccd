import assert from "node:assert/strict";
import { declaredAs, expected, withFixedReleases } from "../../support/expected";
import { stackNames } from "../../support/stacks";

describe("the objects that the whole program declares", () => {
  it("do not depend on the current releases: a release does not make the files outdated", () => {
    const config = (release: object) => ({ "platform:apps": { shop: { port: 8080, ...release } } });
    const before = withFixedReleases(config({ stable: { version: "1.4.2" } }));
    const freeze = { until: "2027-01-01T00:00:00Z", reason: "sale" };
    const after = withFixedReleases(
      config({ stable: { version: "2.0.0" }, canary: { version: "2.1.0", weight: 50 }, freeze }),
    );
    assert.deepEqual(before, after);
    assert.match(JSON.stringify(before), /"port":8080/);
  });

  for (const stack of stackNames) {
    it(`match test/expected/${stack}; "npm run expected" writes its files`, async () => {
      const [actual, files] = [await declaredAs(stack), expected(stack)];
      assert.deepEqual([...actual.keys()], [...files.keys()]);
      for (const [name, text] of actual) assert.equal(text, files.get(name), name);
    });
  }

  it("have no long text on one line: a merge request shows which part of it changes", () => {
    // The longest one is an expression of Prometheus.
    const longest = 1_100;
    for (const stack of stackNames) {
      for (const [name, text] of expected(stack)) {
        const lines = text.split("\n").filter((line) => line.length > longest);
        assert.deepEqual(lines, [], `${stack}/${name}`);
      }
    }
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { detailedDiff as withKeys } from "../../../../local/plugins/shared/diff";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";
import { propertyMap } from "./arbitrary";

const detailedDiff = (old: PropertyMap, next: PropertyMap) =>
  withKeys(old, next).map(({ path, kind }) => ({ path, kind }));

describe("detailedDiff", () => {
  it("returns the parts of a path", () => {
    const [change] = withKeys({ a: [{ "b.c": 1 }] }, { a: [{ "b.c": 2 }] });
    assert.deepEqual(change, { path: 'a[0]["b.c"]', kind: "update", keys: ["a", 0, "b.c"] });
  });

  it("names each change by its path", () => {
    const old = {
      spec: {
        replicas: 2,
        containers: [{ image: "shop:1" }, { image: "log:1" }],
        paused: true,
      },
      metadata: { annotations: { "a.b/c": "1", plain: "x" } },
    };
    const next = {
      spec: { replicas: 2, containers: [{ image: "shop:2" }] },
      metadata: { annotations: { "a.b/c": "2", plain: "x", 'q"q': "new" } },
      added: { whole: { tree: 1 } },
    };
    assert.deepEqual(detailedDiff(old, next), [
      { path: "spec.containers[0].image", kind: "update" },
      { path: "spec.containers[1]", kind: "delete" },
      { path: "spec.paused", kind: "delete" },
      { path: 'metadata.annotations["a.b/c"]', kind: "update" },
      { path: 'metadata.annotations["q\\"q"]', kind: "add" },
      { path: "added", kind: "add" },
    ]);
  });

  it("treats a secret as its content and null as absent", () => {
    const old = { password: new Secret("x"), nothing: null };
    assert.deepEqual(detailedDiff(old, { password: "x" }), []);
    assert.deepEqual(detailedDiff({}, { nothing: null }), []);
    assert.deepEqual(detailedDiff({ a: 1 }, { a: null }), [{ path: "a", kind: "delete" }]);
  });

  it("treats an unknown value as a change", () => {
    assert.deepEqual(detailedDiff({ a: 1 }, { a: UNKNOWN, b: UNKNOWN }), [
      { path: "a", kind: "update" },
      { path: "b", kind: "add" },
    ]);
  });

  it("reports a change of type at the value itself", () => {
    assert.deepEqual(detailedDiff({ a: { b: 1 } }, { a: [1] }), [{ path: "a", kind: "update" }]);
  });

  it("compares an asset as a whole", () => {
    const asset = (hash: string) => ({
      "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
      hash,
    });
    assert.deepEqual(detailedDiff({ f: asset("1") }, { f: asset("1") }), []);
    assert.deepEqual(detailedDiff({ f: asset("1") }, { f: asset("2") }), [
      { path: "f", kind: "update" },
    ]);
  });

  it("finds nothing between equal values, and the same places in both directions", () => {
    const map = propertyMap({ special: true });
    fc.assert(
      fc.property(map, map, (a, b) => {
        assert.deepEqual(detailedDiff(a, a), []);
        const paths = (from: typeof a, to: typeof a) =>
          detailedDiff(from, to)
            .map((change) => change.path)
            .sort();
        assert.deepEqual(paths(a, b), paths(b, a));
      }),
    );
  });
});

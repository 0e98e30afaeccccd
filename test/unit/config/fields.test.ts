import assert from "node:assert/strict";
import { at, listAt, mapAt, mapsAt, stringsAt } from "../../../config/fields";

describe("fields whose types are not checked", () => {
  const pod = { spec: { containers: [{ name: "shop" }, "none"], args: ["-v", 3], host: "a" } };

  it("are read by their path", () => {
    assert.equal(at(pod, "spec", "host"), "a");
    assert.deepEqual(mapAt(pod, "spec"), pod.spec);
    assert.deepEqual(listAt(pod, "spec", "args"), ["-v", 3]);
    assert.deepEqual(mapsAt(pod, "spec", "containers"), [{ name: "shop" }]);
    assert.deepEqual(stringsAt(pod, "spec", "args"), ["-v"]);
  });

  it("are empty where there are others, or none", () => {
    assert.equal(at(pod, "spec", "host", "length"), undefined);
    assert.deepEqual(mapAt(pod, "spec", "containers"), {});
    assert.deepEqual(listAt(pod, "spec", "host"), []);
    assert.deepEqual(mapsAt(undefined, "spec"), []);
    assert.deepEqual(stringsAt(null), []);
  });

  it("are only the object's own", () => {
    assert.equal(at({}, "constructor"), undefined);
    assert.equal(at(pod, "spec", "toString"), undefined);
  });
});

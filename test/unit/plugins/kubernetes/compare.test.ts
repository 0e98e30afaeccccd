import assert from "node:assert/strict";
import { compared } from "../../../../local/plugins/resource-kubernetes/compare";
import { autonamed } from "../../../../local/plugins/resource-kubernetes/naming";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";

const type = "kubernetes:core/v1:ConfigMap";

const inputs = (more: PropertyMap = {}, metadata: PropertyMap = {}): PropertyMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n", ...metadata },
  ...more,
});
const secret = (more: PropertyMap): PropertyMap => inputs({ kind: "Secret", ...more });

/** Returns the differences between inputs, for an object in its requested state. */
function diff(old: PropertyMap, next: PropertyMap, outputs: PropertyMap = {}) {
  const { changes, deleteFirst } = compared(type, { inputs: old, outputs }, next);
  const told = changes.map(({ path, kind, replace }) => [path, kind, ...(replace ? ["!"] : [])]);
  return { told: told.map((parts) => parts.join(" ")), deleteFirst };
}

describe("the provider compares", () => {
  it("equal inputs", () => {
    assert.deepEqual(diff(inputs(), inputs()), { told: [], deleteFirst: false });
  });

  it("and changes in place what can be", () => {
    const { told } = diff(inputs({ data: { b: "1" } }), inputs({ data: { b: UNKNOWN } }));
    assert.deepEqual(told, ["data.b update"]);
  });

  it("and replaces an object with another name, creating the new one first", () => {
    const renamed = diff(inputs(), inputs({}, { name: "b" }));
    assert.deepEqual(renamed, { told: ["metadata.name update !"], deleteFirst: false });
  });

  it("and replaces an object if its namespace is not known yet", () => {
    assert.deepEqual(diff(inputs(), inputs({}, { namespace: UNKNOWN })).told, [
      "metadata.namespace update !",
    ]);
    assert.deepEqual(diff(inputs(), { ...inputs(), metadata: UNKNOWN }), {
      told: ["metadata update !"],
      deleteFirst: false,
    });
  });

  it("and replaces immutable objects, deleting the old one first", () => {
    const frozen = diff(
      inputs({ data: { b: "1" }, immutable: true }),
      inputs({ data: { b: "2" }, immutable: true }, { labels: { c: "d" } }),
    );
    assert.deepEqual(frozen, {
      told: ["metadata.labels add", "data.b update !"],
      deleteFirst: true,
    });
  });

  it("and creates the new object first if it gets its own name", () => {
    const marked = { annotations: { [autonamed]: "true" } };
    const { deleteFirst } = diff(
      inputs({ immutable: true, data: {} }, marked),
      inputs({ immutable: true, data: { a: "1" } }, marked),
    );
    assert.equal(deleteFirst, false);
  });

  it("fields below one that is new", () => {
    const volume = inputs({ kind: "PersistentVolume" });
    const { told } = diff(volume, { ...volume, spec: { nfs: { path: "/" } } });
    assert.deepEqual(told, ["spec add !"]);
    const labels = { ...volume, spec: { capacity: { storage: "1Gi" } } };
    assert.deepEqual(diff(volume, labels).told, ["spec add"]);
  });

  it("and writes keys like the official plugin: quoted only if they are ambiguous", () => {
    const next = inputs({}, { labels: { "a/b": "1", "c-d": "1", "e.f/g": "1", 'h"i': "1" } });
    assert.deepEqual(diff(inputs({}, { labels: {} }), next).told, [
      "metadata.labels.a/b add",
      "metadata.labels.c-d add",
      'metadata.labels["e.f/g"] add',
      'metadata.labels["h\\"i"] add',
    ]);
  });

  describe("with the object as it was last seen, and", () => {
    const asked = inputs({ data: { mode: "a" } });
    const seen = (data: PropertyMap) => ({ ...asked, data, status: {} });

    it("finds a field of the program that another writer changed", () => {
      assert.deepEqual(diff(asked, asked, seen({ mode: "b" })).told, ["data.mode update"]);
    });

    it("ignores fields that the program does not set", () => {
      assert.deepEqual(diff(asked, asked, seen({ mode: "a", other: "c" })).told, []);
    });

    it("compares secrets by their content", () => {
      const hidden = { ...asked, data: new Secret({ mode: new Secret("a") }) };
      assert.deepEqual(diff(asked, asked, hidden).told, []);
    });
  });

  describe("a Secret", () => {
    const text = secret({ stringData: { a: new Secret("x") } });
    const data = secret({ data: new Secret({ a: "eA==" }) });

    it("by its data, in whichever form it is declared", () => {
      assert.deepEqual(diff(text, data).told, []);
      assert.deepEqual(diff(data, text).told, []);
      assert.deepEqual(diff(text, secret({ stringData: { a: "y" } })).told, ["data.a update"]);
      // `stringData` takes precedence over the same key in `data`, as in the API server.
      assert.deepEqual(
        diff(data, secret({ data: { a: "eQ==" }, stringData: { a: "x" } })).told,
        [],
      );
    });

    it("as added text and removed data while the text is unknown", () => {
      assert.deepEqual(diff(data, secret({ stringData: { a: UNKNOWN } })).told, [
        "stringData add",
        "data delete",
      ]);
    });
  });
});

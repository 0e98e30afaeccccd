import assert from "node:assert/strict";
import { autonamed, named } from "../../../../local/plugins/resource-kubernetes/naming";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";

const seed = Buffer.from("seed");
const give = (inputs: PropertyMap, olds: PropertyMap = {}) => named(inputs, olds, "Shop", seed);
const nameIn = ({ metadata }: PropertyMap) => (metadata as { name: string }).name;

describe("an object without a name", () => {
  const without: [title: string, inputs: PropertyMap][] = [
    ["no metadata", { spec: 1 }],
    ["metadata without one", { metadata: { labels: { a: "b" } } }],
    ["null", { metadata: { name: null, generateName: null } }],
  ];
  for (const [title, inputs] of without) {
    it(`gets the resource's name and eight digits: ${title}`, () => {
      const name = nameIn(give(inputs));
      assert.match(name, /^shop-[0-9a-f]{8}$/);
      assert.equal(nameIn(give(inputs)), name, "a preview and its update choose the same");
      assert.notEqual(nameIn(named(inputs, {}, "Shop", Buffer.from("other"))), name);
      assert.notEqual(nameIn(named(inputs, {}, "shop2", seed)).slice(-8), name.slice(-8));
    });
  }

  it("is marked in addition to its annotations and labels", () => {
    const { metadata } = give({ metadata: { annotations: { a: "b" }, labels: { c: "d" } } });
    const { annotations, labels } = metadata as PropertyMap;
    assert.deepEqual(annotations, { a: "b", [autonamed]: "true" });
    assert.deepEqual(labels, { c: "d" });
  });

  it("keeps only the name that it got before", () => {
    const marked = { name: "shop-0", annotations: { [autonamed]: "true" } };
    assert.equal(nameIn(give({}, { metadata: marked })), "shop-0");
    assert.equal(nameIn(give({}, { metadata: new Secret(marked) })), "shop-0");
    assert.notEqual(nameIn(give({}, { metadata: { name: "shop-0" } })), "shop-0");
    assert.notEqual(nameIn(give({}, { metadata: { ...marked, name: UNKNOWN } })), UNKNOWN);
  });

  it("keeps its metadata secret", () => {
    const { metadata } = give({ metadata: new Secret({ labels: { a: "b" } }) });
    assert.ok(metadata instanceof Secret);
    assert.deepEqual((metadata.value as PropertyMap).labels, { a: "b" });
    assert.match(nameIn({ metadata: metadata.value }), /^shop-/);
  });
});

describe("an object with a name", () => {
  const given: [title: string, inputs: PropertyMap][] = [
    ["a name", { metadata: { name: "a" } }],
    ["a name that is not known yet", { metadata: { name: UNKNOWN } }],
    ["a secret name", { metadata: { name: new Secret("a") } }],
    ["secret metadata", { metadata: new Secret({ name: "a", labels: { b: "c" } }) }],
    ["metadata that is not known yet", { metadata: UNKNOWN }],
  ];
  for (const [title, inputs] of given) {
    it(`is unchanged: ${title}`, () => {
      const former = { metadata: { name: "old", annotations: { [autonamed]: "true" } } };
      assert.deepEqual(give(inputs, former), inputs);
    });
  }

  it("is refused if only the server would know its name", () => {
    assert.throws(
      () => give({ metadata: { generateName: "a-" } }),
      /^Error: Shop has metadata\.gen/,
    );
  });
});

import assert from "node:assert/strict";
import { changedLeaves, type Leaf } from "../../../../cli/preview/leaves";
import { unknownMark } from "../../../../cli/preview/masks";
import { secretMark } from "../../../../cli/preview/secrets";
import { pairReplacements } from "../../../../cli/preview/steps";
import { previewOf, type Change } from "./support";

function leaves(change: Change): Leaf[] {
  const [step] = previewOf(change).steps;
  assert.ok(step !== undefined);
  return changedLeaves(step);
}

const spec = (before: unknown, after: unknown) =>
  leaves({ before: { spec: before } as never, after: { spec: after } as never });

describe("changed leaves", () => {
  it("are exactly those that differ", () => {
    assert.deepEqual(spec({ replicas: 2, paused: false }, { replicas: 3, paused: false }), [
      { path: "spec.replicas", before: 2, after: 3 },
    ]);
  });

  it("distinguish additions from removals", () => {
    assert.deepEqual(spec({ old: { deep: 1 } }, { fresh: { deep: [true] } }), [
      { path: "spec.fresh.deep[0]", after: true },
      { path: "spec.old.deep", before: 1 },
    ]);
  });

  it("are found if only a masked value changes, and show neither value", () => {
    const [old, now] = ["correct horse", "battery staple"];
    const secret = (password: string): Change => ({
      op: "create",
      type: "kubernetes:core/v1:Secret",
      name: password === old ? "old" : "new",
      after: { stringData: { password } },
    });
    const type = "kubernetes:core/v1:ConfigMap";
    const config = (password: string, name: string) => ({
      metadata: { name },
      data: { "shop.ini": `user=shop\npassword=${password}\nretries=3` },
    });
    const { steps } = previewOf(
      secret(old),
      secret(now),
      { type, name: "a", before: config(old, "a"), after: config(now, "a") },
      { type, name: "b", before: config(now, "b"), after: config(now, "b") },
      { type, name: "c", op: "delete", before: config(old, "c-0123456789") },
      { type, name: "c", op: "create", after: config(now, "c-abcdef0123") },
    );
    const line = `password=${secretMark}`;
    const seen = pairReplacements(steps).filter(({ kind }) => kind === "ConfigMap");
    const leaf = { path: `data["shop.ini"] line 2`, before: line, after: line };
    assert.deepEqual(
      seen.map((step) => changedLeaves(step).filter(({ path }) => path !== "metadata.name")),
      [[leaf], [], [leaf]],
    );
    for (const password of [old, now]) {
      assert.ok(!JSON.stringify(seen).includes(password));
    }
  });

  it("quote keys that are not words", () => {
    assert.deepEqual(spec({ selector: { "app/x": "a" } }, { selector: { "app/x": "b" } }), [
      { path: 'spec.selector["app/x"]', before: "a", after: "b" },
    ]);
  });

  it("compare lists of named items by name", () => {
    const container = (name: string, image: string) => ({ name, image });
    assert.deepEqual(
      spec(
        { containers: [container("app", "a:1")] },
        { containers: [container("sidecar", "b:1"), container("app", "a:2")] },
      ),
      [
        { path: "spec.containers[sidecar].image", after: "b:1" },
        { path: "spec.containers[sidecar].name", after: "sidecar" },
        { path: "spec.containers[app].image", before: "a:1", after: "a:2" },
      ],
    );
  });

  it("show another order of named items, and no order of items that come or go", () => {
    const list = (...names: string[]) => ({ initContainers: names.map((name) => ({ name })) });
    assert.deepEqual(spec(list("a", "b", "c"), list("c", "a", "b")), [
      { path: "spec.initContainers order", before: "a, b, c", after: "c, a, b" },
    ]);
    assert.deepEqual(spec(list("a", "b"), list("x", "a")), [
      { path: "spec.initContainers[x].name", after: "x" },
      { path: "spec.initContainers[b].name", before: "b" },
    ]);
  });

  it("compare lists with a repeated name by index", () => {
    const twice = [{ name: "http" }, { name: "http" }];
    assert.deepEqual(spec({ ports: twice }, { ports: [...twice, { name: "http" }] }), [
      { path: "spec.ports[2].name", after: "http" },
    ]);
  });

  it("show the differing lines of a long text", () => {
    assert.deepEqual(spec({ text: "a\nb\nc\nd" }, { text: "a\nx\ny\nd" }), [
      { path: "spec.text line 2", before: "b\nc", after: "x\ny" },
    ]);
    assert.deepEqual(spec({ text: "a\nb" }, { text: "a\nb\nc" }), [
      { path: "spec.text line 3", before: "", after: "c" },
    ]);
  });

  it("distinguish an empty list from none, and a list from a map", () => {
    assert.deepEqual(spec({}, { list: [] }), [{ path: "spec.list", after: [] }]);
    assert.deepEqual(spec({ list: [1] }, { list: { a: 1 } }), [
      { path: "spec.list", before: [1], after: { a: 1 } },
    ]);
    assert.deepEqual(spec({ value: 1 }, { value: { a: 1 } }), [
      { path: "spec.value", before: 1, after: { a: 1 } },
    ]);
  });

  it("are empty if nothing differs", () => {
    assert.deepEqual(spec({ a: [{ b: 1 }] }, { a: [{ b: 1 }] }), []);
  });

  it("name keys that every object inherits", () => {
    assert.deepEqual(spec({}, { constructor: "x" }), [{ path: "spec.constructor", after: "x" }]);
  });

  it("include drift that only the plugin detected", () => {
    assert.deepEqual(
      leaves({
        before: { spec: { replicas: 2 } },
        after: { spec: { replicas: 2 } },
        found: { spec: { replicas: 7 } },
        differing: { "spec.replicas": false },
      }),
      [{ path: "spec.replicas", before: 7, after: 2 }],
    );
  });

  it("are reported once if plugin and comparison agree, by name or by index", () => {
    const rules = (weight: number) => ({
      spec: { rules: [{ backendRefs: [{ name: "shop-stable", weight }] }] },
    });
    assert.deepEqual(
      leaves({
        before: rules(90),
        after: rules(50),
        differing: { "spec.rules[0].backendRefs[0].weight": true },
      }),
      [{ path: "spec.rules[0].backendRefs[shop-stable].weight", before: 90, after: 50 }],
    );
  });

  it("show that a secret changes, but never its value", () => {
    const fields = { spec: { password: "[secret]" } };
    assert.deepEqual(
      leaves({ before: fields, after: fields, differing: { "spec.password": true } }),
      [{ path: "spec.password", before: secretMark, after: secretMark }],
    );
  });

  it("never show what the engine masked as a whole, in a field or in a Secret", () => {
    // In the format of engine 3.259.
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "[secret]",
    };
    const annotated = { metadata: { annotations: { sum: secret } } };
    assert.deepEqual(
      leaves({
        before: annotated,
        after: annotated,
        differing: { "metadata.annotations.sum": true },
      }),
      [{ path: "metadata.annotations.sum", before: secretMark, after: secretMark }],
    );
    assert.deepEqual(
      leaves({
        type: "kubernetes:core/v1:Secret",
        before: { stringData: secret },
        after: { stringData: secret },
        differing: { "stringData.a": true },
      }),
      [{ path: "data.a", before: secretMark, after: secretMark }],
    );
    assert.deepEqual(leaves({ op: "create", after: { a: secret } }), [
      { path: "a", after: secretMark },
    ]);
  });

  it("never show the value of a Secret, marked or not", () => {
    const type = "kubernetes:core/v1:Secret";
    assert.deepEqual(
      leaves({ type, before: { stringData: { a: "one" } }, after: { stringData: { a: "two" } } }),
      [{ path: "data.a", before: secretMark, after: secretMark }],
    );
    assert.deepEqual(leaves({ type, op: "create", after: { data: { a: "b25l" } } }), [
      { path: "data.a", after: secretMark },
    ]);
    assert.deepEqual(
      leaves({
        type,
        before: { stringData: "[secret]" },
        after: { stringData: "[secret]" },
        differing: { "stringData.a": true },
      }),
      [{ path: "data.a", before: secretMark, after: secretMark }],
    );
  });

  it("join the text of a Secret with its data, while the plugin does not know the text", () => {
    const type = "kubernetes:core/v1:Secret";
    const whole = { path: "data", before: secretMark, after: secretMark };
    // In the format of both plugins.
    const differing = { data: true, stringData: false };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const after = { stringData: { a: unknown } };
    assert.deepEqual(leaves({ type, before: { data: "[secret]" }, after, differing }), [whole]);
    const fields = { type, before: { data: { a: "[secret]" } }, differing };
    assert.deepEqual(leaves({ ...fields, after }), [{ ...whole, path: "data.a" }]);
    const marked = { ...fields, before: { data: "[secret]" }, after: { stringData: "[secret]" } };
    assert.deepEqual(leaves(marked), [whole]);
  });

  it("never show the content of a kubeconfig", () => {
    const type = "pulumi:providers:kubernetes";
    const [leaf] = leaves({
      type,
      before: { kubeconfig: ".kube/config" },
      after: { kubeconfig: '{"users":[{"token":"t"}]}' },
    });
    assert.deepEqual(leaf, { path: "kubeconfig", before: ".kube/config", after: secretMark });
  });

  it("show unknown values of every type as unknown", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const number = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
    assert.deepEqual(spec({ a: 1, b: "x" }, { a: number, b: `http://${unknown}/` }), [
      { path: "spec.a", before: 1, after: unknownMark },
      { path: "spec.b", before: "x", after: `http://${unknownMark}/` },
    ]);
  });
});

import assert from "node:assert/strict";
import {
  annotation,
  idOf,
  kindOfToken,
  nameOf,
  nameOfId,
  title,
  withMetadata,
} from "../../../../local/plugins/resource-kubernetes/objects";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";

const deployment = "kubernetes:apps/v1:Deployment";

describe("the name of an object", () => {
  const tokens: [token: string, apiVersion: string, kind: string][] = [
    [deployment, "apps/v1", "Deployment"],
    ["kubernetes:core/v1:Pod", "v1", "Pod"],
    [
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      "gateway.networking.k8s.io/v1",
      "HTTPRoute",
    ],
  ];
  for (const [token, apiVersion, kind] of tokens) {
    it(`contains ${apiVersion} ${kind} from ${token}`, () => {
      assert.deepEqual(kindOfToken(token), { apiVersion, kind });
    });
  }

  const inputs: [title: string, inputs: PropertyMap, found: object][] = [
    [
      "of the inputs, before the token",
      { apiVersion: "apps/v2", kind: "Other", metadata: { name: "a", namespace: "b" } },
      { apiVersion: "apps/v2", kind: "Other", name: "a", namespace: "b" },
    ],
    [
      "of the token, where the inputs say nothing",
      { metadata: { name: "a" } },
      { apiVersion: "apps/v1", kind: "Deployment", name: "a", namespace: undefined },
    ],
    [
      "that is secret",
      { metadata: new Secret({ name: new Secret("a") }) },
      { apiVersion: "apps/v1", kind: "Deployment", name: "a", namespace: undefined },
    ],
    [
      "that is not known yet",
      { metadata: { name: UNKNOWN, namespace: UNKNOWN } },
      { apiVersion: "apps/v1", kind: "Deployment", name: "", namespace: undefined },
    ],
  ];
  for (const [title, given, found] of inputs) {
    it(`is that ${title}`, () => assert.deepEqual(nameOf(given, deployment), found));
  }

  it("is converted to the id and back", () => {
    const names = [
      { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" },
      { apiVersion: "apps/v1", kind: "Deployment", name: "system:node" },
    ];
    for (const name of names) assert.deepEqual(nameOfId(idOf(name), deployment), name);
    assert.deepEqual(
      names.map((name) => [idOf(name), title(name)]),
      [
        ["shop/web", "Deployment shop/web"],
        ["system:node", "Deployment system:node"],
      ],
    );
  });
});

describe("metadata", () => {
  const add = (inputs: PropertyMap) =>
    withMetadata(inputs, (metadata) => ({ ...metadata, uid: "1" }));

  it("is changed next to the rest, and stays secret if it was", () => {
    assert.deepEqual(add({ spec: 1, metadata: { name: "a" } }), {
      spec: 1,
      metadata: { name: "a", uid: "1" },
    });
    assert.deepEqual(add({ metadata: new Secret({ name: "a" }) }), {
      metadata: new Secret({ name: "a", uid: "1" }),
    });
    assert.deepEqual(add({}), { metadata: { uid: "1" } });
  });

  it("stays unknown if it is not known yet", () => {
    for (const metadata of [UNKNOWN, new Secret(UNKNOWN)] as const) {
      assert.deepEqual(add({ metadata }), { metadata });
    }
  });

  it("has only annotations that are text", () => {
    const inputs = { metadata: { annotations: new Secret({ "a/b": "1", other: 2 }) } };
    assert.equal(annotation(inputs, "a/b"), "1");
    assert.equal(annotation(inputs, "other"), undefined);
    assert.equal(annotation(inputs, "constructor"), undefined);
    assert.equal(annotation({}, "a/b"), undefined);
  });
});

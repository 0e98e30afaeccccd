import assert from "node:assert/strict";
import { importedInputs, liveInputs } from "../../../../local/plugins/resource-kubernetes/drift";
import type { KubernetesObject } from "../../../../local/plugins/resource-kubernetes/objects";
import { withoutText } from "../../../../local/plugins/resource-kubernetes/secret-data";
import { detailedDiff } from "../../../../local/plugins/shared/diff";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";

const live = (rest: object, kind = "Deployment") =>
  ({
    apiVersion: "apps/v1",
    kind,
    metadata: { name: "web", uid: "1" },
    ...rest,
  }) as KubernetesObject;

/** Returns the paths at which a refresh would find drift. */
const drift = (inputs: PropertyMap, object: KubernetesObject) =>
  detailedDiff(inputs, liveInputs(inputs, object)).map(({ path }) => path);

const container = (cpu: string | number, memory: string | number) => ({
  resources: { limits: { cpu, memory } },
});

describe("drift", () => {
  const none: [title: string, inputs: PropertyMap, object: object][] = [
    ["what the server filled in", { spec: { a: 1 } }, { spec: { a: 1, b: 2 }, status: { c: 3 } }],
    ["metadata of others", { metadata: { name: "web" } }, {}],
    [
      "labels of others",
      { spec: { labels: { a: "1" } } },
      { spec: { labels: { a: "1", b: "2" } } },
    ],
    [
      "a quantity in another way",
      { spec: { containers: [container("0.5", "1024Mi")] } },
      { spec: { containers: [container("500m", "1Gi")] } },
    ],
    [
      "a quantity as a number",
      { spec: { containers: [container(0.5, 1024)] } },
      { spec: { containers: [container("500m", "1Ki")] } },
    ],
    ["a field left open", { spec: { a: null } }, { spec: { a: "default" } }],
    ["a field left open that is not there", { spec: { a: null } }, { spec: {} }],
    ["an empty map", { spec: { a: {}, b: { c: "" } } }, { spec: {} }],
    ["an empty list", { spec: { a: [] } }, {}],
    ["false, 0 and empty text", { spec: { a: false, b: 0, c: "" } }, { spec: {} }],
    ["an empty secret", { spec: { a: new Secret({}) } }, { spec: {} }],
    ["an equal secret", { spec: { a: new Secret("x") } }, { spec: { a: "x" } }],
    ["an equal list", { spec: { a: [{ b: 1 }] } }, { spec: { a: [{ b: 1, c: 2 }] } }],
  ];
  for (const [title, inputs, object] of none) {
    it(`does not include: ${title}`, () => assert.deepEqual(drift(inputs, live(object)), []));
  }

  const found: [title: string, inputs: PropertyMap, object: object, paths: string[]][] = [
    ["another value", { spec: { a: 1 } }, { spec: { a: 2 } }, ["spec.a"]],
    ["a value of another type", { spec: { a: 1 } }, { spec: { a: "1" } }, ["spec.a"]],
    ["a field that is gone", { spec: { a: 1, b: 2 } }, { spec: { b: 2 } }, ["spec.a"]],
    ["a map that is gone", { spec: { a: { b: 1 } } }, { spec: {} }, ["spec.a"]],
    [
      "another quantity",
      { spec: { limits: { cpu: "1" } } },
      { spec: { limits: { cpu: "2" } } },
      ["spec.limits.cpu"],
    ],
    [
      "text that only looks like a quantity",
      { data: { v: "1.0" } },
      { data: { v: "1" } },
      ["data.v"],
    ],
    ["a secret", { spec: { a: new Secret("x") } }, { spec: { a: "y" } }, ["spec.a"]],
    ["an item more", { spec: { a: [1] } }, { spec: { a: [1, 2] } }, ["spec.a[1]"]],
    ["an item less", { spec: { a: [1, 2] } }, { spec: { a: [1] } }, ["spec.a[1]"]],
    ["an item's field", { spec: { a: [{ b: 1 }] } }, { spec: { a: [{ b: 2 }] } }, ["spec.a[0].b"]],
    ["a list instead of a map", { spec: { a: {} } }, { spec: { a: [1] } }, ["spec.a"]],
    ["true instead of false", { spec: { a: false } }, { spec: { a: true } }, ["spec.a"]],
  ];
  for (const [title, inputs, object, paths] of found) {
    it(`includes: ${title}`, () => assert.deepEqual(drift(inputs, live(object)), paths));
  }

  it("does not treat an inherited property as a field", () => {
    const inputs = { spec: { labels: { constructor: "a", toString: "b" } } };
    assert.deepEqual(drift(inputs, live({ spec: { labels: {} } })), [
      "spec.labels.constructor",
      "spec.labels.toString",
    ]);
  });

  it("keeps secrets secret, with their current value", () => {
    const inputs = { spec: { a: new Secret({ b: "x" }), c: [new Secret("y")] } };
    assert.deepEqual(liveInputs(inputs, live({ spec: { a: { b: "z" }, c: ["w"] } })), {
      spec: { a: new Secret({ b: "z" }), c: [new Secret("w")] },
    });
  });

  it("fills in unknown values", () => {
    assert.deepEqual(liveInputs({ spec: { a: UNKNOWN } }, live({ spec: { a: 1 } })), {
      spec: { a: 1 },
    });
  });
});

describe("drift of a Secret", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const inputs = {
    apiVersion: "v1",
    kind: "Secret",
    stringData: { password: new Secret("x"), user: "shop" },
  };
  const secret = (data?: object) =>
    live({ apiVersion: "v1", metadata: { name: "web" }, data }, "Secret");
  const found = (object: KubernetesObject) =>
    detailedDiff(withoutText(inputs), liveInputs(inputs, object)).map(({ path }) => path);

  it("is looked for in the data that its text becomes", () => {
    const [password, user] = [base64("x"), base64("shop")];
    assert.deepEqual(found(secret({ password, user })), []);
    assert.deepEqual(found(secret({ password, user, other: base64("z") })), []);
    assert.deepEqual(found(secret({ password: base64("y"), user })), ["data.password"]);
    assert.deepEqual(found(secret({ password })), ["data.user"]);
    assert.deepEqual(found(secret()), ["data"]);
  });

  it("stays secret as a whole", () => {
    assert.deepEqual(
      liveInputs(inputs, secret({ password: base64("y") })).data,
      new Secret({
        password: base64("y"),
      }),
    );
  });
});

describe("inputs of an object that is imported", () => {
  it("contain everything that the server did not add", () => {
    const object = live({
      metadata: { name: "web", labels: { a: "b" }, uid: "1", resourceVersion: "2", generation: 3 },
      spec: { replicas: 1 },
      status: { replicas: 1 },
    });
    assert.deepEqual(importedInputs(object), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", labels: { a: "b" } },
      spec: { replicas: 1 },
    });
    assert.ok(object.status, "the object itself is left as it is");
  });

  it("contain the content of a Secret as a secret", () => {
    const { data } = importedInputs(live({ data: { password: "eA==" } }, "Secret"));
    assert.deepEqual(data, new Secret({ password: "eA==" }));
    assert.deepEqual(importedInputs(live({ data: { a: "b" } }, "ConfigMap")).data, { a: "b" });
  });
});

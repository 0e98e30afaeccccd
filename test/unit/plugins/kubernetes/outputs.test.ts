import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../../local/plugins/resource-kubernetes/objects";
import {
  echoedOutputs,
  outputsOf,
  previewedOutputs,
} from "../../../../local/plugins/resource-kubernetes/outputs";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";

const live = (rest: object = {}, kind = "Deployment"): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "a", uid: "1", resourceVersion: "2", managedFields: [] },
  ...rest,
});

describe("outputs", () => {
  it("are the object without the bookkeeping of field managers", () => {
    const object = live({ spec: { b: 1 }, status: { c: 2 } });
    assert.deepEqual(outputsOf(object, { spec: { b: 1 } }), {
      apiVersion: "v1",
      kind: "Deployment",
      metadata: { name: "a", uid: "1", resourceVersion: "2" },
      spec: { b: 1 },
      status: { c: 2 },
    });
    assert.ok(object.metadata.managedFields, "the object itself is left as it is");
  });

  const hidden: [title: string, inputs: PropertyMap, spec: object, shown: PropertyMap][] = [
    [
      "a secret",
      { spec: { a: new Secret("x"), b: 1 } },
      { a: "x", b: 1 },
      { a: new Secret("x"), b: 1 },
    ],
    [
      "a secret that the server changed",
      { spec: { a: new Secret("x") } },
      { a: "y" },
      { a: new Secret("y") },
    ],
    [
      "all of a list with a secret, as the server may order it again",
      { spec: { a: [{ b: new Secret("x") }, { b: "z" }], c: [1] } },
      { a: [{ b: "z" }, { b: "x" }], c: [1] },
      { a: new Secret([{ b: "z" }, { b: "x" }]), c: [1] },
    ],
    ["nothing that is not there", { spec: { a: new Secret("x"), b: 1 } }, { b: 1 }, { b: 1 }],
    [
      "a secret of another form",
      { spec: { a: { b: new Secret("x") } } },
      { a: "x" },
      { a: new Secret("x") },
    ],
  ];
  for (const [title, inputs, spec, shown] of hidden) {
    it(`hide ${title}`, () => assert.deepEqual(outputsOf(live({ spec }), inputs).spec, shown));
  }

  it("hide a secret part completely", () => {
    const outputs = outputsOf(live({ spec: { a: 1 } }), { spec: new Secret({ a: 1 }) });
    assert.deepEqual(outputs.spec, new Secret({ a: 1 }));
  });

  it("hide the content of a Secret, whatever its source", () => {
    const data = { password: "eA==" };
    const given: PropertyMap[] = [
      { data },
      { data: { password: new Secret("eA==") } },
      { stringData: {} },
    ];
    for (const inputs of given) {
      const outputs = outputsOf(live({ data }, "Secret"), inputs);
      assert.ok(outputs.data instanceof Secret);
    }
    assert.deepEqual(outputsOf(live({ data }, "ConfigMap"), { data }).data, data);
  });
});

describe("outputs of a preview", () => {
  it("are the server's response without fields that change every time", () => {
    const metadata = {
      name: "a",
      uid: UNKNOWN,
      resourceVersion: UNKNOWN,
      creationTimestamp: UNKNOWN,
    };
    const outputs = previewedOutputs(live({ spec: { b: 1 }, status: {} }), {});
    assert.deepEqual(outputs, {
      apiVersion: "v1",
      kind: "Deployment",
      metadata,
      spec: { b: 1 },
      status: UNKNOWN,
    });
    assert.ok(!("status" in previewedOutputs(live(), {})));
  });

  it("keep secret metadata secret", () => {
    const inputs = { metadata: { annotations: { a: new Secret("x") } } };
    const object = live({ metadata: { name: "a", annotations: { a: "x" } } });
    const { metadata } = previewedOutputs(object, inputs);
    assert.deepEqual((metadata as PropertyMap).annotations, { a: new Secret("x") });
    const whole = previewedOutputs(live(), { metadata: new Secret({ name: "a" }) }).metadata;
    assert.ok(whole instanceof Secret);
    assert.equal((whole.value as PropertyMap).uid, UNKNOWN);
  });

  it("are the inputs if the server cannot be asked yet", () => {
    assert.deepEqual(echoedOutputs({ metadata: { name: "a" }, spec: { b: UNKNOWN } }), {
      metadata: { name: "a", uid: UNKNOWN },
      spec: { b: UNKNOWN },
      status: UNKNOWN,
    });
    assert.deepEqual(echoedOutputs({ metadata: UNKNOWN }), { metadata: UNKNOWN, status: UNKNOWN });
  });
});

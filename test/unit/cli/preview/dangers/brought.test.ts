import assert from "node:assert/strict";
import { dangersOf } from "../../../../../cli/preview/dangers";
import { named, previewOf, type Change } from "../support";

/** Returns the dangers of a new object of a chart, next to an existing one. */
function dangersOfNew(apiVersion: string, kind: string, fields: Partial<Change> = {}): string[] {
  const was: Change = { before: named("shop", "a"), after: named("shop", "a"), op: "update" };
  const added: Change = {
    op: "create",
    type: `kubernetes:${apiVersion}:${kind}`,
    name: "notes/x",
    parent: { type: "platform:charts:Package", name: "notes" },
    after: { kind, metadata: { name: "x" } },
    ...fields,
  };
  return dangersOf(previewOf(was, added).steps, [], []).map(({ text }) => text);
}

describe("objects of a chart outside its namespace", () => {
  it("are dangers, whatever their kind", () => {
    for (const [apiVersion, kind] of [
      ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
      ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"],
      ["apiregistration.k8s.io/v1", "APIService"],
      ["storage.k8s.io/v1", "StorageClass"],
      ["networking.k8s.io/v1", "IngressClass"],
      ["cert-manager.io/v1", "ClusterIssuer"],
    ] as const) {
      const expected = [`New for the whole cluster: \`${kind} x\`.`];
      assert.deepEqual(dangersOfNew(apiVersion, kind), expected);
    }
    assert.deepEqual(dangersOfNew("rbac.authorization.k8s.io/v1", "ClusterRole"), [
      "New rights in the whole cluster: `ClusterRole x`.",
    ]);
  });

  it("do not include objects in its namespace, or the namespace itself", () => {
    const inside = { after: { kind: "ConfigMap", metadata: { name: "x", namespace: "notes" } } };
    assert.deepEqual(dangersOfNew("core/v1", "ConfigMap", inside), []);
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespace = { after: { kind: "Namespace", metadata: { name: "x", labels } } };
    assert.deepEqual(dangersOfNew("core/v1", "Namespace", namespace), []);
  });

  it("are allowed without a danger for the platform's own parts", () => {
    const parent = { type: "platform:storage:Storage", name: "storage" };
    assert.deepEqual(dangersOfNew("storage.k8s.io/v1", "StorageClass", { parent }), []);
  });
});

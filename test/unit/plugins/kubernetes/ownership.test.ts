import assert from "node:assert/strict";
import { withOwner } from "../../../../local/plugins/resource-kubernetes/ownership";
import type { FieldsEntry } from "../../../../local/plugins/resource-kubernetes/objects";

const entry = (manager: string, operation: string, ...fields: string[]): FieldsEntry => ({
  manager,
  operation,
  fieldsV1: { "f:spec": Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
});
const own = entry("ours", "Apply", "replicas");

describe("the owner of an object's fields", () => {
  it("becomes the resource, of what a person changed with kubectl", () => {
    const patch = entry("kubectl-patch", "Update", "paused");
    const edit = entry("kubectl-edit", "Update", "replicas", "strategy");
    assert.deepEqual(withOwner([patch, own, edit], "ours"), [
      entry("ours", "Apply", "replicas", "paused", "strategy"),
    ]);
  });

  it("becomes the resource, of what was created without a manager of its own", () => {
    const created = entry("pulumi-kubernetes", "Update", "replicas");
    assert.deepEqual(withOwner([created], "ours"), [own]);
  });

  it("stays any other manager", () => {
    const others = [
      entry("kube-controller-manager", "Update", "replicas"),
      { ...entry("kubectl", "Update", "replicas"), subresource: "scale" },
    ];
    assert.equal(withOwner([own, ...others], "ours"), undefined);
    const patch = entry("kubectl-patch", "Update", "paused");
    assert.deepEqual(withOwner([...others, own, patch], "ours"), [
      ...others,
      entry("ours", "Apply", "replicas", "paused"),
    ]);
  });
});

import assert from "node:assert/strict";
import { ApiError } from "../../../../local/plugins/resource-kubernetes/client";
import { takeOver, withOwner } from "../../../../local/plugins/resource-kubernetes/ownership";
import type {
  FieldsEntry,
  KubernetesObject,
} from "../../../../local/plugins/resource-kubernetes/objects";

const entry = (manager: string, operation: string, ...fields: string[]): FieldsEntry => ({
  manager,
  operation,
  fieldsV1: { "f:spec": Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
});
const own = entry("ours", "Apply", "replicas");

describe("the owner of an object's fields", () => {
  it("becomes the resource, if a person changed them with kubectl", () => {
    const patch = entry("kubectl-patch", "Update", "paused");
    const edit = entry("kubectl-edit", "Update", "replicas", "strategy");
    assert.deepEqual(withOwner([patch, own, edit], "ours"), [
      entry("ours", "Apply", "replicas", "paused", "strategy"),
    ]);
  });

  it("becomes the resource, if they were created without its own manager", () => {
    const created = entry("pulumi-kubernetes", "Update", "replicas");
    assert.deepEqual(withOwner([created], "ours"), [own]);
  });

  it("does not change for any other manager", () => {
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

  /** An object that another writer changes before each of the first patches. */
  class Busy {
    patched: object[] = [];
    private version = 1;

    constructor(
      private changes: number,
      private readonly refusal = new ApiError(422, {}),
    ) {}

    get(): Promise<KubernetesObject> {
      const metadata = {
        name: "a",
        resourceVersion: String(this.version),
        managedFields: [entry("kubectl-patch", "Update", "paused")],
      };
      return Promise.resolve({ apiVersion: "v1", kind: "ConfigMap", metadata });
    }

    patch(_: unknown, [test]: readonly object[]): Promise<void> {
      if (this.changes > 0) {
        this.changes -= 1;
        this.version += 1;
        return Promise.reject(this.refusal);
      }
      this.patched.push(test ?? {});
      return Promise.resolve();
    }
  }
  const name = { kind: "ConfigMap", apiVersion: "v1", name: "a", namespace: "n" };

  it("is changed although a controller changes the object at the same time", async () => {
    const busy = new Busy(3);
    await takeOver(busy, name, "ours");
    assert.deepEqual(busy.patched, [{ op: "test", path: "/metadata/resourceVersion", value: "4" }]);
  });

  it("is not retried forever, or after another error", async () => {
    const busy = new Busy(1000);
    await assert.rejects(takeOver(busy, name, "ours"), ApiError);
    const forbidden = new Busy(1, new ApiError(403, { message: "no rights" }));
    await assert.rejects(takeOver(forbidden, name, "ours"), /no rights/);
    assert.deepEqual([busy.patched, forbidden.patched], [[], []]);
  });
});

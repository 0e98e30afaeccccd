import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { readyTimeout } from "../../../../local/plugins/resource-kubernetes/await/timeouts";
import { compared } from "../../../../local/plugins/resource-kubernetes/compare";
import { toResponse } from "../../../../local/plugins/resource-kubernetes/diff-response";
import { requireSupported } from "../../../../local/plugins/resource-kubernetes/supported";
import { StatusError } from "../../../../local/plugins/shared/handlers";

describe("like the official plugin, the stand-in", () => {
  it("reports the whole path of each field that causes a replacement", () => {
    const template = (storage: string) => ({ spec: { resources: { requests: { storage } } } });
    const inputs = (storage: string, replicas?: number) => ({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "prometheus", namespace: "monitoring" },
      spec: {
        volumeClaimTemplates: [template(storage)],
        ...(replicas === undefined ? {} : { replicas }),
      },
    });
    const old = { inputs: inputs("2Gi", 1), outputs: {} };
    const response = toResponse(compared("kubernetes:apps/v1:StatefulSet", old, inputs("4Gi")));
    const path = "spec.volumeClaimTemplates[0].spec.resources.requests.storage";
    assert.deepEqual(response.getReplacesList(), [path]);
    assert.deepEqual(response.getDiffsList(), []);
    assert.equal(response.getDeletebeforereplace(), true);
    const told = response.getDetaileddiffMap();
    assert.equal(told.get(path)?.getInputdiff(), false);
    // A field that the program no longer sets.
    assert.equal(told.get("spec.replicas")?.getInputdiff(), true);
  });

  describe("sets the timeout of an object to", () => {
    const seconds = (kind: string, timeout = 0, annotations: Record<string, string> = {}) =>
      readyTimeout({ name: { kind }, timeout, inputs: { metadata: { annotations } } });

    it("ten minutes, or the program's own", () => {
      assert.equal(seconds("Deployment"), 600);
      assert.equal(seconds("Deployment", 30), 30);
      assert.equal(seconds("Deployment", 0, { "pulumi.com/timeoutSeconds": "40" }), 40);
    });

    for (const [kind, time] of [
      ["PersistentVolumeClaim", 300],
      ["PersistentVolume", 300],
      ["ResourceQuota", 60],
      ["Secret", 5],
    ] as const) {
      it(`${time} s for a ${kind}, whatever the program sets`, () => {
        assert.equal(seconds(kind), time);
        assert.equal(seconds(kind, 1800), time);
        assert.equal(seconds(kind, 1800, { "pulumi.com/waitFor": "condition=A" }), 1800);
      });
    }
  });

  it("does not create lists of objects", () => {
    assert.throws(
      () => requireSupported("kubernetes:core/v1:ConfigMapList"),
      /ConfigMapList: expected the type of one object, got a list of objects/,
    );
    for (const type of ["core/v1:ConfigMap", "security.example.com/v1:AllowList"]) {
      requireSupported(`kubernetes:${type}`);
    }
  });
});

describe("a feature that the stand-in lacks", () => {
  it("is refused by name", () => {
    for (const type of ["helm.sh/v4:Chart", "yaml/v2:ConfigGroup", "core/v1:ConfigMapPatch"]) {
      assert.throws(
        () => requireSupported(`kubernetes:${type}`),
        (error) => error instanceof StatusError && error.code === status.UNIMPLEMENTED,
      );
    }
  });
});

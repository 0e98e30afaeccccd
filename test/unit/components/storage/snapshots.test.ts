import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "../../../support/declare";
import { ceph, clusterId, declaredStorage, nfs, podOf, waitsFor } from "../../../support/storage";

const controllers = ["csi-cephfs-controller", "csi-nfs-controller", "csi-rbd-controller"];

describe("snapshots of volumes", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "storage-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are disabled without their section", async () => {
    const declared = await declaredStorage({ nfs, ceph });
    assert.deepEqual(declared.names("VolumeSnapshotClass"), []);
    assert.ok(!declared.names("Deployment").includes("snapshot-controller"));
    assert.ok(!JSON.stringify(declared.objects).includes("snapshot"));
  });

  it("have a class per driver, which is its default", async () => {
    const declared = await declaredStorage({ nfs, ceph, snapshots: {} });
    const classes = declared.objects.filter(({ kind }) => kind === "VolumeSnapshotClass");
    assert.deepEqual(
      classes.map(({ metadata, driver, deletionPolicy, parameters }) => ({
        name: metadata.name,
        isDefault: metadata.annotations?.["snapshot.storage.kubernetes.io/is-default-class"],
        driver,
        deletionPolicy,
        parameters,
      })),
      [
        {
          name: "ceph-cephfs",
          isDefault: "true",
          driver: "cephfs.csi.ceph.com",
          deletionPolicy: "Delete",
          parameters: {
            clusterID: clusterId,
            "csi.storage.k8s.io/snapshotter-secret-name": "ceph-cephfs",
            "csi.storage.k8s.io/snapshotter-secret-namespace": "storage",
          },
        },
        {
          name: "ceph-rbd",
          isDefault: "true",
          driver: "rbd.csi.ceph.com",
          deletionPolicy: "Delete",
          parameters: {
            clusterID: clusterId,
            "csi.storage.k8s.io/snapshotter-secret-name": "ceph-rbd",
            "csi.storage.k8s.io/snapshotter-secret-namespace": "storage",
          },
        },
        {
          name: "nfs",
          isDefault: "true",
          driver: "nfs.csi.k8s.io",
          deletionPolicy: "Delete",
          parameters: {},
        },
      ],
    );
  });

  it("are taken by a sidecar of every controller, which has the rights for it", async () => {
    const declared = await declaredStorage({ nfs, ceph, snapshots: {} });
    for (const name of controllers) {
      const { containers } = podOf(declared, "Deployment", name);
      assert.ok(containers.some((container) => container.name === "csi-snapshotter"));
      assert.match(JSON.stringify(declared.object("ClusterRole", name)), /volumesnapshotcontents/);
    }
  });

  it("are bound by a controller for the whole cluster, which needs no root", async () => {
    const declared = await declaredStorage({ snapshots: {}, replicas: 2 });
    const deployment = declared.object("Deployment", "snapshot-controller");
    assert.equal(at(deployment, "spec.replicas"), 2);
    assert.equal(at(deployment, "spec.template.spec.securityContext.runAsNonRoot"), true);
    const [container] = podOf(declared, "Deployment", "snapshot-controller").containers;
    assert.ok(container?.args?.includes("--leader-election=true"));
    assert.deepEqual(declared.names("PodDisruptionBudget"), ["snapshot-controller"]);
    const rules = at(declared.object("Role", "snapshot-controller"), "rules") as object[];
    assert.deepEqual(
      rules.map((rule) => at(rule, "resources")),
      [["leases"]],
    );
  });

  it("have their definitions, from a pinned file, before everything that uses them", async () => {
    const file = join(folder, "crds.yaml");
    const text =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: volumesnapshots.example.com\nspec: {}\n";
    writeFileSync(file, text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    const declared = await declaredStorage({ nfs, ceph, snapshots: { crds: { file, sha256 } } });
    const definition: [string, string] = [
      "CustomResourceDefinition",
      "volumesnapshots.example.com",
    ];
    for (const name of [...controllers, "snapshot-controller"]) {
      assert.ok(waitsFor(declared, ["Deployment", name], definition), name);
    }
    for (const name of declared.names("VolumeSnapshotClass")) {
      assert.ok(waitsFor(declared, ["VolumeSnapshotClass", name], definition), name);
    }
  });

  it("refuse any file of definitions except the pinned one", async () => {
    const file = join(folder, "changed.yaml");
    writeFileSync(file, "changed");
    const crds = { file, sha256: "0".repeat(64) };
    await assert.rejects(
      declaredStorage({ snapshots: { crds } }),
      /expected the checksum 0{64}, which the stack's config pins, got [0-9a-f]{64}/,
    );
  });
});

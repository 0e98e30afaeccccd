import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { ceph, declaredStorage, nfs, podOf, waitsFor } from "../../../support/storage";

const all = { nfs, ceph, snapshots: {} };
const controllers = ["csi-cephfs-controller", "csi-nfs-controller", "csi-rbd-controller"];

describe("Storage", () => {
  it("declares nothing for classes that the cluster already has", async () => {
    const { objects } = await declaredStorage({ existing: { standard: "block" } });
    assert.deepEqual(objects, []);
  });

  it("declares only one driver for one export", async () => {
    const declared = await declaredStorage({ nfs });
    assert.deepEqual(declared.names("CSIDriver"), ["nfs.csi.k8s.io"]);
    assert.deepEqual(declared.names("Deployment"), ["csi-nfs-controller"]);
    assert.deepEqual(declared.names("DaemonSet"), ["csi-nfs-node"]);
    assert.deepEqual(declared.names("StorageClass"), ["files"]);
    assert.deepEqual(declared.names("Secret"), []);
    assert.deepEqual(declared.names("ConfigMap"), []);
    assert.deepEqual(declared.names("VolumeSnapshotClass"), []);
  });

  it("lets the pods of its namespace mount folders of the nodes", async () => {
    const namespace = (await declaredStorage({ nfs })).object("Namespace", "storage");
    assert.equal(namespace.metadata.labels?.["pod-security.kubernetes.io/enforce"], "privileged");
  });

  it("creates a class per export, with its own settings", async () => {
    const declared = await declaredStorage({
      nfs: {
        exports: {
          files: { server: "10.0.0.9", share: "/exports/files" },
          archive: {
            server: "nas.example.com",
            share: "/archive",
            onDelete: "archive",
            reclaimPolicy: "Retain",
            mountOptions: ["nfsvers=3", "nolock"],
          },
        },
      },
    });
    const { metadata, ...files } = declared.object("StorageClass", "files");
    assert.equal(metadata.annotations, undefined);
    assert.deepEqual(files, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "nfs.csi.k8s.io",
      parameters: { server: "10.0.0.9", share: "/exports/files", onDelete: "delete" },
      mountOptions: ["nfsvers=4.1"],
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
      allowVolumeExpansion: true,
    });
    const archive = declared.object("StorageClass", "archive");
    assert.deepEqual(at(archive, "parameters"), {
      server: "nas.example.com",
      share: "/archive",
      onDelete: "archive",
    });
    assert.deepEqual(at(archive, "mountOptions"), ["nfsvers=3", "nolock"]);
    assert.equal(at(archive, "reclaimPolicy"), "Retain");
  });

  it("has at most one default class, and none by default", async () => {
    const defaults = async (values: object) =>
      (await declaredStorage(values)).objects
        .filter(
          ({ metadata }) =>
            metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
        )
        .map(({ metadata }) => metadata.name);
    assert.deepEqual(await defaults(all), []);
    assert.deepEqual(await defaults({ ...all, default: "block" }), ["block"]);
    assert.deepEqual(await defaults({ ...all, default: "files" }), ["files"]);
  });

  it("names in every class a driver that it declares before the class", async () => {
    const declared = await declaredStorage(all);
    for (const name of declared.names("StorageClass")) {
      const driver = at(declared.object("StorageClass", name), "provisioner") as string;
      assert.ok(declared.names("CSIDriver").includes(driver), driver);
      assert.ok(waitsFor(declared, ["StorageClass", name], ["CSIDriver", driver]));
      const word = driver.split(".")[0] ?? "";
      for (const workload of [
        ["Deployment", `csi-${word}-controller`],
        ["DaemonSet", `csi-${word}-node`],
      ] as [string, string][]) {
        assert.ok(waitsFor(declared, ["StorageClass", name], workload), workload[1]);
      }
    }
  });

  it("attaches volumes of Ceph to nodes before they are mounted, but not those of NFS", async () => {
    const declared = await declaredStorage(all);
    const attached = declared
      .names("CSIDriver")
      .filter((name) => at(declared.object("CSIDriver", name), "spec.attachRequired") === true);
    assert.deepEqual(attached.sort(), ["cephfs.csi.ceph.com", "rbd.csi.ceph.com"]);
    const withAttacher = controllers.filter((name) =>
      podOf(declared, "Deployment", name).containers.some((c) => c.name === "csi-attacher"),
    );
    assert.deepEqual(withAttacher, ["csi-cephfs-controller", "csi-rbd-controller"]);
  });

  it("has no budget for a single pod", async () => {
    assert.deepEqual((await declaredStorage(all)).names("PodDisruptionBudget"), []);
  });

  it("has replicas of every controller on separate nodes, with a budget", async () => {
    const declared = await declaredStorage({ ...all, replicas: 3 });
    for (const name of controllers) {
      assert.equal(at(declared.object("Deployment", name), "spec.replicas"), 3);
      assert.equal(at(declared.object("PodDisruptionBudget", name), "spec.maxUnavailable"), 1);
      const terms = podOf(declared, "Deployment", name).affinity?.podAntiAffinity;
      assert.equal(terms?.requiredDuringSchedulingIgnoredDuringExecution?.length, 1);
      assert.deepEqual(at(declared.object("Deployment", name), "spec.strategy"), {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      });
      for (const container of podOf(declared, "Deployment", name).containers) {
        if (!container.name.startsWith("csi-") || container.name.endsWith("plugin")) continue;
        assert.ok(container.args?.includes("--leader-election=true"), container.name);
      }
    }
  });
});

import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { ceph, cephKey, clusterId, declaredStorage } from "../../../support/storage";

describe("Storage on Ceph: keys and classes", () => {
  it("keeps users and keys in Secrets only", async () => {
    const declared = await declaredStorage({ ceph });
    assert.deepEqual(declared.object("Secret", "ceph-rbd")["stringData"], {
      userID: "kubernetes",
      userKey: cephKey,
    });
    assert.deepEqual(declared.object("Secret", "ceph-cephfs")["stringData"], {
      userID: "kubernetes-fs",
      userKey: cephKey,
      adminID: "kubernetes-fs",
      adminKey: cephKey,
    });
    const others = declared.objects.filter(({ kind }) => kind !== "Secret");
    assert.ok(!JSON.stringify(others).includes(cephKey));
  });

  it("uses existing Secrets", async () => {
    const declared = await declaredStorage({
      ceph: { ...ceph, rbd: { ...ceph.rbd, user: { secret: "given" } } },
    });
    assert.deepEqual(declared.names("Secret"), ["ceph-cephfs"]);
    const parameters = at(declared.object("StorageClass", "block"), "parameters") as object;
    assert.equal(Reflect.get(parameters, "csi.storage.k8s.io/node-stage-secret-name"), "given");
  });

  it("names in every class a Secret of its own namespace, for everything that the driver does", async () => {
    const declared = await declaredStorage({ ceph });
    const secrets = (name: string) => {
      const parameters = at(declared.object("StorageClass", name), "parameters");
      const entries = Object.entries(parameters as Record<string, string>);
      return entries
        .flatMap(([key, value]) => {
          const match = /^csi\.storage\.k8s\.io\/(.*)-secret-(name|namespace)$/.exec(key);
          return match === null ? [] : [`${match[1]} ${match[2]} ${value}`];
        })
        .sort();
    };
    assert.deepEqual(secrets("block"), [
      "controller-expand name ceph-rbd",
      "controller-expand namespace storage",
      "controller-publish name ceph-rbd",
      "controller-publish namespace storage",
      "node-stage name ceph-rbd",
      "node-stage namespace storage",
      "provisioner name ceph-rbd",
      "provisioner namespace storage",
    ]);
    assert.deepEqual(secrets("shared"), [
      "controller-expand name ceph-cephfs",
      "controller-expand namespace storage",
      "controller-publish name ceph-cephfs",
      "controller-publish namespace storage",
      "node-stage name ceph-cephfs",
      "node-stage namespace storage",
      "provisioner name ceph-cephfs",
      "provisioner namespace storage",
    ]);
  });

  it("creates classes for pools and file systems with their settings", async () => {
    const declared = await declaredStorage({
      ceph: {
        ...ceph,
        rbd: {
          ...ceph.rbd,
          classes: {
            block: { pool: "images" },
            wide: {
              pool: "meta",
              dataPool: "erasure",
              fileSystem: "xfs",
              imageFeatures: ["layering", "exclusive-lock"],
              mountOptions: [],
              reclaimPolicy: "Retain",
            },
          },
        },
        cephfs: {
          ...ceph.cephfs,
          classes: { shared: { fileSystem: "files", pool: "fast", mountOptions: ["noatime"] } },
        },
      },
    });
    const own = (name: string) => {
      const { parameters, mountOptions, reclaimPolicy } = declared.object("StorageClass", name) as {
        parameters?: Record<string, string>;
        mountOptions?: string[];
        reclaimPolicy?: string;
      };
      const settings = Object.entries(parameters ?? {}).filter(([key]) => !key.includes("secret"));
      return { ...Object.fromEntries(settings), mountOptions, reclaimPolicy };
    };
    assert.deepEqual(own("block"), {
      clusterID: clusterId,
      pool: "images",
      imageFeatures: "layering",
      "csi.storage.k8s.io/fstype": "ext4",
      mountOptions: ["discard"],
      reclaimPolicy: "Delete",
    });
    assert.deepEqual(own("wide"), {
      clusterID: clusterId,
      pool: "meta",
      dataPool: "erasure",
      imageFeatures: "layering,exclusive-lock",
      "csi.storage.k8s.io/fstype": "xfs",
      mountOptions: [],
      reclaimPolicy: "Retain",
    });
    assert.deepEqual(own("shared"), {
      clusterID: clusterId,
      fsName: "files",
      pool: "fast",
      mountOptions: ["noatime"],
      reclaimPolicy: "Delete",
    });
    assert.ok(
      declared.objects
        .filter(({ kind }) => kind === "StorageClass")
        .every((entry) => entry["allowVolumeExpansion"] === true),
    );
  });
});

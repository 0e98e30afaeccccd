import assert from "node:assert/strict";
import { InvalidConfig, parseStack } from "../../../../config";
import { classesByPurpose } from "../../../../config/components/storage";
import { ceph, cephKey, nfs, storageConfig } from "../../../support/storage";

/** Returns the errors of a stack with this storage section. */
function errors(storage: object): string[] {
  try {
    parseStack("dev", {
      environment: "dev",
      domain: "platform.test",
      cluster: { kubeconfig: ".kube/config", context: "dev" },
      components: { storage },
    });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidConfig, String(error));
    return error.errors.map(({ key, message }) => `${key}: ${message}`);
  }
}

const root = "platform:components.storage";
const files = nfs.exports.files;

describe("the storage section", () => {
  it("has defaults for everything that is not company-specific", () => {
    const config = storageConfig({ nfs, ceph });
    assert.equal(config.replicas, 1);
    assert.equal(config.kubeletDirectory, "/var/lib/kubelet");
    assert.deepEqual(config.nodeLabels, { "kubernetes.io/os": "linux" });
    assert.deepEqual(config.nfs?.exports["files"], {
      ...files,
      onDelete: "delete",
      reclaimPolicy: "Delete",
      mountOptions: ["nfsvers=4.1"],
    });
    assert.equal(config.snapshots, undefined);
    assert.equal(config.default, undefined);
  });

  it("knows the purpose for which each class is suitable", () => {
    assert.deepEqual(
      classesByPurpose(storageConfig({ nfs, ceph, existing: { disk: "block", nas: "shared" } })),
      { block: ["block", "disk"], shared: ["files", "nas", "shared"] },
    );
  });

  const cases: [title: string, storage: object, messages: string[]][] = [
    ["accepts both kinds", { nfs, ceph, default: "block" }, []],
    [
      "needs a server",
      { nfs: { exports: { files: { share: "/exports" } } } },
      [
        `${root}.nfs.exports.files.server: expected a host name or an IP address of the NFS server, got nothing`,
      ],
    ],
    [
      "needs a share",
      { nfs: { exports: { files: { server: "nfs.example.com" } } } },
      [
        `${root}.nfs.exports.files.share: expected the exported path, for example /exports/files, got nothing`,
      ],
    ],
    [
      "needs the whole path of a share",
      { nfs: { exports: { files: { ...files, share: "exports" } } } },
      [
        `${root}.nfs.exports.files.share: expected the exported path, for example /exports/files, got "exports"`,
      ],
    ],
    [
      "needs an export",
      { nfs: { exports: {} } },
      [`${root}.nfs.exports: expected at least one export, got none`],
    ],
    [
      "needs a kind of Ceph volumes",
      { ceph: { clusterId: ceph.clusterId, monitors: ceph.monitors } },
      [`${root}.ceph: expected rbd, cephfs or both, got neither`],
    ],
    [
      "needs the cluster's fsid",
      { ceph: { ...ceph, clusterId: "ceph" } },
      [
        `${root}.ceph.clusterId: expected the cluster's fsid, as \`ceph fsid\` prints it, got "ceph"`,
      ],
    ],
    [
      "needs monitors with their ports",
      { ceph: { ...ceph, monitors: ["10.0.0.1"] } },
      [
        `${root}.ceph.monitors[0]: expected a monitor as address:port, for example 10.0.0.1:6789, got "10.0.0.1"`,
      ],
    ],
    [
      "refuses one name for two classes",
      { nfs: { exports: { block: files } }, ceph },
      [
        `${root}.ceph.rbd.classes.block: expected a name that no other StorageClass has, got "block"`,
      ],
    ],
    [
      "refuses a name that the cluster has",
      { nfs, existing: { files: "shared" } },
      [`${root}.existing.files: expected a name that no other StorageClass has, got "files"`],
    ],
    [
      "makes only a class of its own the default",
      { nfs, existing: { disk: "block" }, default: "disk" },
      [`${root}.default: expected a StorageClass declared here (files), got "disk"`],
    ],
    [
      "has no default without classes",
      { default: "disk" },
      [`${root}.default: expected a StorageClass declared here (there is none), got "disk"`],
    ],
    [
      "knows its keys",
      { nfs: { export: {} } },
      [
        `${root}.nfs.exports: expected a mapping, got nothing`,
        `${root}.nfs.export: expected the key exports, got "export"; did you mean "exports"?`,
      ],
    ],
  ];
  for (const [title, storage, messages] of cases) {
    it(title, () => assert.deepEqual(errors(storage), messages));
  }

  it("needs a user without the prefix that ceph writes", () => {
    const user = { id: "client.kubernetes", key: cephKey };
    assert.deepEqual(errors({ ceph: { ...ceph, rbd: { ...ceph.rbd, user } } }), [
      `${root}.ceph.rbd.user.id: expected a user as Ceph lists it, without "client.", got "client.kubernetes"`,
    ]);
  });

  it("never shows a possible key", () => {
    const rbd = (user: object) => errors({ ceph: { ...ceph, rbd: { ...ceph.rbd, user } } });
    for (const key of ["half-a-key==", 12345, undefined]) {
      assert.deepEqual(rbd({ id: "kubernetes", key }), [
        `${root}.ceph.rbd.user.key: expected the user's key as ceph prints it, 40 characters that end in ==, got ${key === undefined ? "nothing" : "another value (not shown)"}; set it with pulumi config set --secret --path`,
      ]);
    }
    assert.deepEqual(rbd({ secret: "ceph", id: "kubernetes", key: cephKey }), [
      `${root}.ceph.rbd.user: expected {secret} with the name of a Secret of namespace storage, or {id, key}, got another value (not shown)`,
    ]);
  });
});

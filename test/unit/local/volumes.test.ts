import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourceOf, volumeFolder } from "../../../local/cluster/simulator/volumes";

const own = "platform/simulated";

describe("volumes of a local cluster", () => {
  let folder: string;
  let machines: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "volumes-"));
    machines = join(folder, "machines");
    mkdirSync(join(machines, "machine-0"), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const made = (provisioner: string, node?: string, of = machines) => {
    const spec = sourceOf("pvc-1", provisioner, of, node);
    const [term] = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
    return {
      kind: spec.local === undefined ? "hostPath" : "local",
      nodes: term?.matchExpressions?.map(({ key, values }) => ({ key, values })),
      folder: volumeFolder(machines, { spec }),
    };
  };

  it("are folders of the node that the scheduler chose, with the cluster's own class", () => {
    assert.deepEqual(made(own, "machine-0"), {
      kind: "local",
      nodes: [{ key: "kubernetes.io/hostname", values: ["machine-0"] }],
      folder: join(machines, "machine-0/var/lib/simulated/pvc-1"),
    });
  });

  it("are folders that every node has, with the class of a driver whose volumes attach to any", () => {
    for (const [driver, node] of [
      ["rbd.csi.ceph.com", undefined],
      ["nfs.csi.k8s.io", undefined],
      ["ebs.csi.aws.com", "machine-0"],
    ] as const) {
      assert.deepEqual(made(driver, node), {
        kind: "local",
        nodes: [{ key: "platform/machine", values: undefined }],
        folder: join(machines, "volumes/pvc-1"),
      });
    }
  });

  it("have no folder on this machine for pods that are simulated", () => {
    const none = { kind: "hostPath", nodes: undefined, folder: undefined };
    assert.deepEqual(made(own, "node-0"), none);
    assert.deepEqual(made("nfs.csi.k8s.io", undefined, join(folder, "absent")), none);
  });
});

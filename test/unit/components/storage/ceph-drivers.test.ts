import assert from "node:assert/strict";
import { cephFiles, csiCluster } from "../../../../components/storage/ceph-config";
import type { CephConfig } from "../../../../config";
import { at, type Declared } from "../../../support/declare";
import {
  ceph,
  cephKey,
  clusterId,
  containerOf,
  declaredStorage,
  podOf,
  storageConfig,
  waitsFor,
} from "../../../support/storage";

const kinds = ["rbd", "cephfs"] as const;

function parsed(values: object): CephConfig {
  const { ceph: config } = storageConfig({ ceph: values });
  assert.ok(config);
  return config;
}

function configMap(declared: Declared) {
  const [name, ...others] = declared.names("ConfigMap");
  assert.ok(name);
  assert.deepEqual(others, []);
  return declared.object("ConfigMap", name);
}

describe("Storage on Ceph", () => {
  it("configures the cluster in the drivers", () => {
    assert.deepEqual(csiCluster(parsed(ceph)), {
      clusterID: clusterId,
      monitors: ["10.0.0.1:6789", "10.0.0.2:6789"],
      cephFS: {
        subvolumeGroup: "csi",
        controllerPublishSecretRef: { name: "ceph-cephfs", namespace: "storage" },
      },
    });
    const { rbd, cephfs } = ceph;
    assert.deepEqual(
      csiCluster(parsed({ ...ceph, rbd: { ...rbd, radosNamespace: "team" }, cephfs: undefined })),
      {
        clusterID: clusterId,
        monitors: ["10.0.0.1:6789", "10.0.0.2:6789"],
        rbd: { radosNamespace: "team" },
      },
    );
    assert.deepEqual(
      csiCluster(
        parsed({
          ...ceph,
          cephfs: { ...cephfs, subvolumeGroup: "k8s", user: { secret: "given" } },
        }),
      ).cephFS,
      {
        subvolumeGroup: "k8s",
        controllerPublishSecretRef: { name: "given", namespace: "storage" },
      },
    );
  });

  it("writes every file that the drivers open, without a key in any", () => {
    const files = cephFiles(parsed(ceph));
    assert.deepEqual(JSON.parse(files["config.json"]), [csiCluster(parsed(ceph))]);
    assert.deepEqual(JSON.parse(files["cluster-mapping.json"]), []);
    assert.equal(
      files["ceph.conf"],
      "[global]\nauth_cluster_required = cephx\nauth_service_required = cephx\nauth_client_required = cephx\n",
    );
    assert.equal(files.keyring, "");
    assert.ok(!JSON.stringify(files).includes(cephKey));
  });

  it("mounts the files where ceph-csi looks for them, in pods that wait for them", async () => {
    const declared = await declaredStorage({ ceph });
    const map = configMap(declared);
    assert.equal(map["immutable"], true);
    for (const kind of kinds) {
      for (const [workload, name] of [
        ["Deployment", `csi-${kind}-controller`],
        ["DaemonSet", `csi-${kind}-node`],
      ] as [string, string][]) {
        assert.ok(waitsFor(declared, [workload, name], ["ConfigMap", map.metadata.name]));
        const { volumeMounts } = containerOf(declared, workload, name, `csi-${kind}plugin`);
        const files = (podOf(declared, workload, name).volumes ?? []).flatMap((volume) =>
          (volume.configMap?.items ?? []).map(({ key, path }) => {
            assert.equal(volume.configMap?.name, map.metadata.name);
            assert.ok(key in (map["data"] as object), key);
            const mount = volumeMounts?.find((entry) => entry.name === volume.name);
            return `${mount?.mountPath}/${path}`;
          }),
        );
        assert.deepEqual(files, [
          "/etc/ceph-csi-config/config.json",
          "/etc/ceph-csi-config/cluster-mapping.json",
          "/etc/ceph/ceph.conf",
          "/etc/ceph/keyring",
        ]);
      }
    }
  });

  it("restarts both drivers when the monitors change", async () => {
    const files = async (monitors: string[]) =>
      configMap(await declaredStorage({ ceph: { ...ceph, monitors } })).metadata.name;
    assert.notEqual(await files(["10.0.0.1:6789"]), await files(["10.0.0.7:6789"]));
  });

  it("gives each driver the name that its classes use", async () => {
    const declared = await declaredStorage({ ceph });
    for (const kind of kinds) {
      for (const [workload, name] of [
        ["Deployment", `csi-${kind}-controller`],
        ["DaemonSet", `csi-${kind}-node`],
      ] as [string, string][]) {
        const { args } = containerOf(declared, workload, name, `csi-${kind}plugin`);
        assert.ok(args?.includes(`--type=${kind}`));
        assert.ok(args?.includes(`--drivername=${kind}.csi.ceph.com`));
        const role = workload === "Deployment" ? "--controllerserver=true" : "--nodeserver=true";
        assert.equal(args?.filter((arg) => arg.endsWith("server=true")).join(), role);
      }
    }
  });

  it("declares only one kind if only one is configured", async () => {
    const { rbd, cephfs, ...cluster } = ceph;
    const only = async (values: object) =>
      (await declaredStorage({ ceph: { ...cluster, ...values } })).names("CSIDriver");
    assert.deepEqual(await only({ rbd }), ["rbd.csi.ceph.com"]);
    assert.deepEqual(await only({ cephfs }), ["cephfs.csi.ceph.com"]);
  });

  it("attaches volumes of both kinds, as ceph-csi advertises it for both", async () => {
    const declared = await declaredStorage({ ceph });
    for (const kind of kinds) {
      const driver = declared.object("CSIDriver", `${kind}.csi.ceph.com`);
      assert.equal(at(driver, "spec.attachRequired"), true);
      assert.ok(containerOf(declared, "Deployment", `csi-${kind}-controller`, "csi-attacher"));
      const rules = JSON.stringify(declared.object("ClusterRole", `csi-${kind}-controller`));
      assert.ok(rules.includes("volumeattachments/status"), kind);
    }
  });

  it("replaces a CSIDriver if the API server rejects the change", async () => {
    const { registrations } = await declaredStorage({ ceph });
    const drivers = registrations.filter(({ type }) => type.endsWith(":CSIDriver"));
    assert.equal(drivers.length, 2);
    for (const { replaceOnChanges } of drivers) {
      assert.deepEqual(replaceOnChanges, ["spec.attachRequired", "spec.volumeLifecycleModes"]);
    }
  });
});

import assert from "node:assert/strict";
import { at } from "../../support/declare";
import { ceph, containerOf, declaredStorage, nfs, podOf, waitsFor } from "../../support/storage";

const all = { nfs, ceph, snapshots: {} };
const controllers = ["csi-cephfs-controller", "csi-nfs-controller", "csi-rbd-controller"];
const nodes = ["csi-cephfs-node", "csi-nfs-node", "csi-rbd-node"];
const plugins = ["nfs", "csi-rbdplugin", "csi-cephfsplugin"];

describe("Storage", () => {
  it("declares nothing for classes that the cluster has already", async () => {
    const { objects } = await declaredStorage({ existing: { standard: "block" } });
    assert.deepEqual(objects, []);
  });

  it("declares one driver only for one export", async () => {
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

  it("makes a class per export, with its own settings", async () => {
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

  it("has exactly one default class, and none unless told", async () => {
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

  it("names in every class a driver that it declares, which is there before", async () => {
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

  it("attaches only block devices to nodes before they are mounted", async () => {
    const declared = await declaredStorage(all);
    const attached = declared
      .names("CSIDriver")
      .filter((name) => at(declared.object("CSIDriver", name), "spec.attachRequired") === true);
    assert.deepEqual(attached, ["rbd.csi.ceph.com"]);
    const withAttacher = controllers.filter((name) =>
      podOf(declared, "Deployment", name).containers.some((c) => c.name === "csi-attacher"),
    );
    assert.deepEqual(withAttacher, ["csi-rbd-controller"]);
  });

  it("has replicas of every controller on machines of their own, with a budget", async () => {
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

  it("runs on every node of the config's labels, whatever its taints", async () => {
    const nodeLabels = { "example.com/storage": "yes" };
    const declared = await declaredStorage({ ...all, nodeLabels });
    for (const name of nodes) {
      const pod = podOf(declared, "DaemonSet", name);
      assert.deepEqual(pod.nodeSelector, nodeLabels);
      assert.deepEqual(pod.tolerations, [{ operator: "Exists" }]);
      assert.equal(pod.priorityClassName, "system-node-critical");
      assert.equal(pod.hostNetwork, true);
      assert.equal(pod.dnsPolicy, "ClusterFirstWithHostNet");
    }
    const usual = await declaredStorage({ nfs });
    assert.deepEqual(podOf(usual, "DaemonSet", "csi-nfs-node").nodeSelector, {
      "kubernetes.io/os": "linux",
    });
  });

  it("gives privileges to nothing but the drivers that mount", async () => {
    const declared = await declaredStorage(all);
    const privileged: string[] = [];
    for (const [kind, names] of [
      ["Deployment", [...controllers, "snapshot-controller"]],
      ["DaemonSet", nodes],
    ] as const) {
      for (const name of names) {
        for (const { name: container, securityContext } of podOf(declared, kind, name).containers) {
          if (securityContext?.privileged === true) privileged.push(`${name}/${container}`);
          else {
            assert.equal(securityContext?.allowPrivilegeEscalation, false, container);
            assert.deepEqual(securityContext?.capabilities, { drop: ["ALL"] }, container);
          }
          if (!plugins.includes(container)) {
            assert.equal(securityContext?.readOnlyRootFilesystem, true, container);
          }
        }
      }
    }
    assert.deepEqual(privileged, [
      "csi-nfs-controller/nfs",
      "csi-cephfs-node/csi-cephfsplugin",
      "csi-nfs-node/nfs",
      "csi-rbd-node/csi-rbdplugin",
    ]);
  });

  it("takes no port of a node twice", async () => {
    const declared = await declaredStorage(all);
    const taken = [...controllers, ...nodes].flatMap((name) => {
      const kind = name.endsWith("node") ? "DaemonSet" : "Deployment";
      const pod = podOf(declared, kind, name);
      return pod.hostNetwork === true
        ? pod.containers.flatMap(({ ports }) => (ports ?? []).map((p) => p.containerPort))
        : [];
    });
    // Four of the NFS controller, two of each driver on the nodes.
    assert.equal(taken.length, 4 + 3 * 2, String(taken));
    assert.equal(new Set(taken).size, taken.length, String(taken));
  });

  it("listens where it is probed and scraped, within the same pod", async () => {
    const declared = await declaredStorage(all);
    for (const name of [...controllers, ...nodes, "snapshot-controller"]) {
      const kind = name.endsWith("node") ? "DaemonSet" : "Deployment";
      const { containers } = podOf(declared, kind, name);
      const listening = containers.flatMap(({ args }) =>
        (args ?? []).flatMap((arg) => /^--http-endpoint=:(\d+)$/.exec(arg)?.[1] ?? []),
      );
      const declaredPorts = containers.flatMap(({ ports }) =>
        (ports ?? []).map(({ containerPort }) => String(containerPort)),
      );
      assert.deepEqual(listening.sort(), declaredPorts.sort(), name);
      const probed = containers.flatMap(({ livenessProbe, readinessProbe }) =>
        [livenessProbe, readinessProbe].map((p) => p?.httpGet?.port ?? p?.tcpSocket?.port),
      );
      const annotations = at(declared.object(kind, name), "spec.template.metadata.annotations");
      const scraped = (annotations as Record<string, string>)["prometheus.io/port"];
      for (const port of [...probed, scraped]) {
        assert.ok(listening.includes(String(port)), `${name}: nothing listens on ${String(port)}`);
      }
    }
  });

  it("mounts only volumes that the pod has, and has none to spare", async () => {
    const declared = await declaredStorage(all);
    for (const name of [...controllers, ...nodes]) {
      const pod = podOf(declared, name.endsWith("node") ? "DaemonSet" : "Deployment", name);
      const mounted = pod.containers.flatMap(({ volumeMounts }) =>
        (volumeMounts ?? []).map((mount) => mount.name),
      );
      assert.deepEqual(
        [...new Set(mounted)].sort(),
        pod.volumes?.map((volume) => volume.name).sort(),
        name,
      );
    }
  });

  it("finds the kubelet where the config says", async () => {
    const declared = await declaredStorage({ ...all, kubeletDirectory: "/srv/kubelet" });
    const text = JSON.stringify(declared.objects);
    assert.ok(!text.includes("/var/lib/kubelet"));
    assert.ok(
      containerOf(declared, "DaemonSet", "csi-nfs-node", "node-driver-registrar").args?.includes(
        "--kubelet-registration-path=/srv/kubelet/plugins/csi-nfsplugin/csi.sock",
      ),
    );
    const mount = containerOf(declared, "DaemonSet", "csi-nfs-node", "nfs").volumeMounts?.find(
      ({ name }) => name === "pods",
    );
    assert.deepEqual(mount, {
      name: "pods",
      mountPath: "/srv/kubelet/pods",
      mountPropagation: "Bidirectional",
    });
  });

  it("registers the socket that lies in the driver's folder of the node", async () => {
    const declared = await declaredStorage(all);
    for (const name of nodes) {
      const volumes = podOf(declared, "DaemonSet", name).volumes ?? [];
      const folder = volumes.find((volume) => volume.name === "socket")?.hostPath?.path ?? "";
      const { args } = containerOf(declared, "DaemonSet", name, "node-driver-registrar");
      assert.ok(args?.includes(`--kubelet-registration-path=${folder}/csi.sock`), name);
    }
  });

  it("reads no Secrets but those of its own namespace", async () => {
    const declared = await declaredStorage(all);
    for (const role of declared.objects.filter(({ kind }) => kind === "ClusterRole")) {
      const rules = role["rules"] as { resources: string[] }[];
      assert.ok(!rules.some(({ resources }) => resources.includes("secrets")), role.metadata.name);
    }
    assert.equal(podOf(declared, "DaemonSet", "csi-nfs-node").automountServiceAccountToken, false);
  });

  it("takes all images from the mirror", async () => {
    const declared = await declaredStorage(all, "mirror.example.com/cache");
    for (const name of [...controllers, ...nodes, "snapshot-controller"]) {
      const pod = podOf(declared, name.endsWith("node") ? "DaemonSet" : "Deployment", name);
      for (const { image } of pod.containers) {
        assert.match(image ?? "", /^mirror\.example\.com\/cache\/(sig-storage|cephcsi)\//);
      }
    }
  });
});

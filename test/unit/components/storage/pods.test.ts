import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { ceph, containerOf, declaredStorage, nfs, podOf } from "../../../support/storage";

const all = { nfs, ceph, snapshots: {} };
const controllers = ["csi-cephfs-controller", "csi-nfs-controller", "csi-rbd-controller"];
const nodes = ["csi-cephfs-node", "csi-nfs-node", "csi-rbd-node"];
const plugins = ["nfs", "csi-rbdplugin", "csi-cephfsplugin"];

describe("the pods of storage drivers", () => {
  it("run on every node with the config's labels, whatever its taints", async () => {
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

  it("give privileges only to the drivers that mount", async () => {
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

  it("use no port of a node twice", async () => {
    const declared = await declaredStorage(all);
    const taken = [...controllers, ...nodes].flatMap((name) => {
      const kind = name.endsWith("node") ? "DaemonSet" : "Deployment";
      const pod = podOf(declared, kind, name);
      return pod.hostNetwork === true
        ? pod.containers.flatMap(({ ports }) => (ports ?? []).map((p) => p.containerPort))
        : [];
    });
    // Four of the NFS controller, and two of each driver on the nodes.
    assert.equal(taken.length, 4 + 3 * 2, String(taken));
    assert.equal(new Set(taken).size, taken.length, String(taken));
  });

  it("listen where they are probed and scraped, within the same pod", async () => {
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

  it("mount only volumes that the pod has, and all of them", async () => {
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

  it("find the kubelet where the config says", async () => {
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

  it("register the socket in the driver's folder of the node", async () => {
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

  it("are closed to everything that their pods do not need", async () => {
    const declared = await declaredStorage(all);
    // No policy applies to pods in the host network: the NFS controller, and all DaemonSets.
    assert.deepEqual(declared.names("NetworkPolicy").sort(), [
      "csi-cephfs-controller",
      "csi-rbd-controller",
      "default-deny",
      "snapshot-controller",
    ]);
    for (const name of declared.names("NetworkPolicy")) {
      const policy = declared.object("NetworkPolicy", name);
      assert.deepEqual(at(policy, "spec.policyTypes"), ["Ingress", "Egress"]);
      const text = JSON.stringify(policy);
      assert.equal(text.includes("6789"), name.startsWith("csi-"), name);
      assert.equal(text.includes('"monitoring"'), name !== "default-deny", name);
    }
  });
});

import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import type { PodSpec } from "../../../support/workloads";
import { monitoring, pod, container } from "./declared";

describe("kube-state-metrics", () => {
  it("reads exactly what it may list, and no Secrets", async () => {
    const declared = await monitoring();
    const { args } = container(declared, "Deployment", "kube-state-metrics");
    const counted = args
      .find((arg) => arg.startsWith("--resources="))
      ?.replace("--resources=", "")
      .split(",");
    const rules = declared.object("ClusterRole", "kube-state-metrics")["rules"] as {
      resources: string[];
      verbs: string[];
    }[];
    assert.deepEqual(counted, rules.flatMap(({ resources }) => resources).sort());
    assert.ok(!counted?.includes("secrets") && !counted?.includes("configmaps"));
    for (const { verbs } of rules) assert.deepEqual(verbs, ["list", "watch"]);
    for (const kind of ["namespaces", "services", "pods", "deployments", "statefulsets"]) {
      assert.ok(counted?.includes(kind), kind);
    }
  });

  it("names the ports that the scrape job looks for", async () => {
    const { ports } = container(await monitoring(), "Deployment", "kube-state-metrics");
    assert.deepEqual(
      ports.map(({ name }) => name),
      ["metrics", "telemetry"],
    );
  });
});

describe("node-exporter", () => {
  it("runs on every Linux node, and updates a tenth of them at a time", async () => {
    const set = (await monitoring()).object("DaemonSet", "node-exporter");
    const spec = at(set, "spec.template.spec") as PodSpec;
    assert.deepEqual(spec.tolerations, [{ operator: "Exists" }]);
    assert.deepEqual(spec.nodeSelector, { "kubernetes.io/os": "linux" });
    assert.equal(at(set, "spec.updateStrategy.rollingUpdate.maxUnavailable"), "10%");
  });

  it("reads the node, and changes nothing on it", async () => {
    const declared = await monitoring();
    const spec = pod(declared, "DaemonSet", "node-exporter");
    assert.equal(spec.hostNetwork, true);
    assert.equal(spec.hostPID, true);
    const { volumeMounts, securityContext } = container(declared, "DaemonSet", "node-exporter");
    assert.equal(volumeMounts.length, spec.volumes.length);
    for (const { readOnly, mountPropagation } of volumeMounts) {
      assert.equal(readOnly, true);
      assert.equal(mountPropagation, "HostToContainer");
    }
    assert.equal(securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(securityContext.capabilities, { drop: ["ALL"], add: ["SYS_TIME"] });
    assert.equal(spec.securityContext.runAsNonRoot, true);
  });

  it("omits file systems and devices of containers", async () => {
    const { args } = container(await monitoring(), "DaemonSet", "node-exporter");
    const pattern = (flag: string) =>
      new RegExp(args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? "");
    const mounts = pattern("--collector.filesystem.mount-points-exclude");
    for (const path of [
      "/proc",
      "/dev/shm",
      "/var/lib/kubelet/pods/x/volumes/y",
      "/run/containerd/z",
    ]) {
      assert.match(path, mounts);
    }
    for (const path of ["/", "/var", "/data", "/var/lib/kubelet", "/device"]) {
      assert.doesNotMatch(path, mounts);
    }
    const types = pattern("--collector.filesystem.fs-types-exclude");
    for (const type of ["tmpfs", "overlay"]) assert.match(type, types);
    for (const type of ["ext4", "xfs", "nfs4", "ceph"]) assert.doesNotMatch(type, types);
    const devices = pattern("--collector.netdev.device-exclude");
    for (const device of ["veth1a2b", "cali12345", "0123456789abcde"])
      assert.match(device, devices);
    for (const device of ["eth0", "bond0", "ens192", "enp3s0f0"]) {
      assert.doesNotMatch(device, devices);
    }
  });
});

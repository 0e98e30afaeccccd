import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clusterAt, clusterStatus, startCluster, stopCluster } from "../../local/cluster";
import { partPid } from "../../local/cluster/paths";
import { prepareImages } from "../../local/images";
import { cgroupOf, processesIn } from "../../local/machines/cgroups";
import { presentNetwork } from "../../local/machines/network";
import { nodePlaces } from "../../local/machines/places";
import { runInSystem } from "../../local/machines/system";
import { kubectl } from "../support/rendered";
import { until } from "../support/until";
import { leftovers } from "./support/traces";

const name = "clean-up";

describe("stopping a real node", () => {
  const cluster = clusterAt(name);
  let bridge = "";

  const start = async () => {
    const { index } = await prepareImages({ platform: [], apps: {} });
    await startCluster({ name, nodes: { count: 1 }, machines: { count: 1, images: index } });
    bridge = presentNetwork(cluster)?.bridge ?? "";
  };
  const dnsReady = () =>
    until("the name server is ready", 120, async () => {
      const path = "jsonpath={.status.readyReplicas}";
      const args = ["-n", "kube-system", "get", "deployment", "coredns", "-o", path];
      return (await kubectl(cluster, ...args)) === "1";
    });

  after(() => stopCluster(name));

  it("starts again with its pods after its first process was killed", async () => {
    await start();
    await dnsReady();
    // The units of both versions of control groups.
    const processes = { "cpu.shares": 1024, "cpu.weight": 100 };
    const shares = ["cpu/kubernetes-platform", "kubernetes-platform"].flatMap((group) =>
      Object.entries(processes).flatMap(([file, one]) => {
        const path = join("/sys/fs/cgroup", group, bridge, file);
        return existsSync(path) ? [Number(readFileSync(path, "utf8")) / one] : [];
      }),
    );
    assert.ok(
      shares.length > 0 && shares.every((it) => it >= 8),
      `a cluster gets as much of the CPUs as ${shares} processes`,
    );
    const server = partPid(cluster, "kube-apiserver");
    const sharing = processesIn(cgroupOf(bridge, "control-plane"));
    assert.ok(
      [process.pid, Number(readFileSync(server, "utf8"))].every((it) => sharing.includes(it)),
      "pods leave the API server, or what updates a stack, no more of the CPUs than any process",
    );
    const pid = Number(readFileSync(nodePlaces(cluster, "machine-0").pid, "utf8"));
    process.kill(pid, "SIGKILL");
    await until("the machine is down", 10, () =>
      Promise.resolve(clusterStatus(name)["machine-0"] === false),
    );
    await start();
    assert.equal(clusterStatus(name)["machine-0"], true);
    await until("its kubelet knows that the pod's containers ended", 60, async () => {
      const path = "jsonpath={.items[0].status.containerStatuses[0].restartCount}";
      const args = ["-n", "kube-system", "get", "pods", "-o", path];
      return Number(await kubectl(cluster, ...args)) > 0;
    });
    await dnsReady();
  });

  it("restarts a node that a killed start did not connect", async () => {
    await start();
    // Such a start leaves a running first process without a cable, and does not note its process ID.
    rmSync(nodePlaces(cluster, "machine-0").pid);
    await runInSystem("ip", ["link", "delete", `${bridge}-0`]);
    await start();
    assert.ok(existsSync(`/sys/class/net/${bridge}-0`), "the node has no cable");
    assert.equal(clusterStatus(name)["machine-0"], true);
  });

  it("leaves nothing after a stop, nor after a stop that follows a kill", async () => {
    await stopCluster(name);
    assert.deepEqual(await leftovers(cluster, bridge), []);
    await start();
    const pids = ["machine-0/node.pid", "agent.pid"].map((file) =>
      Number(readFileSync(join(cluster.folder, "machines", file), "utf8")),
    );
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await stopCluster(name);
    assert.deepEqual(await leftovers(cluster, bridge), []);
  });
});

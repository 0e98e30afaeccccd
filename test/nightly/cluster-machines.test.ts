import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { etcdCommands } from "../../components/backup/etcd";
import { haproxyCommand } from "../../local/toolchain/haproxy";
import { binary, ensureBinary } from "../../local/toolchain/install";
import { kubernetes, otherKubernetes } from "../../local/toolchain/kubernetes";
import {
  controlPlaneStopped,
  moveLostData,
  restoreMember,
  skipWithoutRoot,
  stopControlPlane,
} from "../support/cluster-plan";
import { PlanCluster } from "../support/plan-cluster";
import { TestStack } from "../support/project";
import { standIn } from "../support/shell";
import { until, untilEqual } from "../support/until";
import { upgrade } from "./cases/upgrade";

const members = { "control-1": "10.20.0.21", "control-2": "10.20.0.22", "control-3": "10.20.0.23" };
const planes = Object.keys(members);
const newer = otherKubernetes[1];

/**
 * Three API servers, three members of etcd and two versions of Kubernetes: minutes of CPU time and 3 GiB of memory, and
 * the newer version is built in the first night. That is why it runs at night.
 */
describe("three control-plane machines and a worker of the plan", () => {
  let cluster: PlanCluster;
  before(async function () {
    await skipWithoutRoot(this);
    if (haproxyCommand() === undefined) this.skip();
    for (const name of ["kubeadm", "kube-apiserver", "etcd", "etcdctl"]) await ensureBinary(name);
    cluster = new PlanCluster([kubernetes, newer], ({ machines }) => {
      for (const name of ["worker-2", "worker-3"]) delete machines[name];
    });
    await cluster.start();
  });
  after(() => cluster?.stop());

  /** Whether each member of etcd may vote, by its name. */
  const voters = async (on: string): Promise<Record<string, boolean>> => {
    const text = await cluster.etcdctl(on, "member", "list", "--write-out=json");
    const { members } = JSON.parse(text) as { members: { name: string; isLearner?: boolean }[] };
    return Object.fromEntries(members.map(({ name, isLearner }) => [name, isLearner !== true]));
  };
  const allVote = Object.fromEntries(planes.map((name) => [name, true]));
  const isAsDescribed = async (name: string) =>
    assert.deepEqual(await cluster.machine(name).script("--check"), {
      code: 0,
      output: `${name} is as described\n`,
    });
  const ready =
    "{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=='Ready')].status} {end}";
  const nodes = (on: string) => cluster.kubectl(on, "get", "nodes", "-o", `jsonpath=${ready}`);

  it("form a cluster: one creates it, and three join with bundles", async () => {
    const { code, output } = await cluster.machine("control-1").script("init");
    assert.equal(code, 0, output);
    for (const name of ["control-2", "control-3", "worker-1"]) {
      const joined = await cluster.join(name, "control-1");
      assert.equal(joined.code, 0, joined.output);
      const words =
        name === "worker-1" ? /This node has joined the cluster/ : /A new etcd member was added/;
      assert.match(joined.output, words);
    }
    assert.deepEqual(await voters("control-1"), allVote);
    const ready = "control-1=True control-2=True control-3=True worker-1=True ";
    await untilEqual(60, () => nodes("control-1"), ready);
    for (const name of [...planes, "worker-1"]) await isAsDescribed(name);
  });

  it("admit administrators exactly as the file says", async () => {
    assert.equal(await cluster.askStatus("https://10.20.0.20:8443/livez"), "200");
    assert.equal(await cluster.askStatus("https://10.20.0.22:6443/livez"), "200");
    for (const url of ["https://10.20.0.22:2379/health", "http://10.20.0.22:2381/metrics"]) {
      assert.equal(await cluster.askStatus(url), "000", url);
    }
  });

  it("respond within 30 s after the one with the shared address was killed, also to a preview", async () => {
    const holder = cluster.machine("control-1");
    assert.match(await holder.mustRun("ip", "-4", "-o", "address"), / 10\.20\.0\.20\//);
    await cluster.kill("control-1");
    const seconds = await cluster.waitForAnswer(30);
    console.log(`      the API answered after ${seconds.toFixed(1)} s`);
    const bin = mkdtempSync(join(tmpdir(), "administrator-"));
    const at = await cluster.kubeconfig("control-2");
    const stack = new TestStack("three", { name: "three", folder: bin, ...at }, bin);
    try {
      stack.environment["KUBECONFIG"] = at.kubeconfig;
      const words = cluster.network.words.join(" ");
      for (const name of ["pulumi", "kubectl"]) {
        standIn(join(bin, name), `exec ${words} ${binary(name)} "$@"`);
      }
      stack.keepParts("placement", "tenancy", "gateway");
      await stack.create();
      assert.match(await stack.must("preview"), /\+ \d+ to create/);
    } finally {
      stack.remove();
      rmSync(bin, { recursive: true });
    }
  });

  it("report that it is gone, and get a replacement", async () => {
    await until("the API server knows that control-1 is gone", 90, async () =>
      /control-1=Unknown/.test(await nodes("control-2")),
    );
    const machine = await cluster.install("control-1");
    const second = await machine.script("init");
    assert.equal(second.code, 1);
    assert.match(second.output, /the cluster exists; bring a bundle to join it/);
    await cluster.kubectl("control-2", "delete", "node", "control-1");
    const list = await cluster.etcdctl("control-2", "member", "list");
    const [, id = ""] = /^(\w+), started, control-1,/m.exec(list) ?? [];
    await cluster.etcdctl("control-2", "member", "remove", id);
    const { code, output } = await cluster.join("control-1", "control-2");
    assert.equal(code, 0, output);
    assert.deepEqual(await voters("control-2"), allVote);
    await isAsDescribed("control-1");
    // keepalived prefers the first machine; connections to the address end when it moves.
    await until("control-1 has the address of the API server", 60, async () =>
      / 10\.20\.0\.20\//.test(await machine.mustRun("ip", "-4", "-o", "address")),
    );
    await cluster.waitForAnswer(30);
  });

  it("move a new worker's pods away, and remove its node", async () => {
    const [on] = planes;
    assert.ok(on);
    const drain = ["drain", "worker-1", "--ignore-daemonsets", "--delete-emptydir-data"];
    const output = await cluster.kubectl(on, ...drain, "--timeout=60s");
    assert.match(output, /node\/worker-1 drained/);
    await cluster.kubectl(on, "delete", "node", "worker-1");
    const worker = cluster.machine("worker-1");
    await worker.mustRun("kubeadm", "reset", "--force");
    assert.equal((await worker.script("--check")).code, 1);
    await until("worker-1 is no node", 20, async () => !/worker-1/.test(await nodes(on)));
    // It comes back with a bundle, as any machine with Debian does.
    const back = await cluster.join("worker-1", on);
    assert.equal(back.code, 0, back.output);
    await until("worker-1 is ready again", 20, async () => /worker-1=True/.test(await nodes(on)));
  });

  it("are restored from one snapshot of etcd that components/backup made", async () => {
    await cluster.kubectl("control-1", "create", "configmap", "before");
    const [snapshot, verify] = etcdCommands({
      endpoint: "https://10.20.0.21:2379",
      certificates: "/root/etcd",
      file: "/root/etcd.db",
    });
    const first = cluster.machine("control-1");
    const pki = "/etc/kubernetes/pki/etcd";
    await first.shell(`mkdir /root/etcd && cp ${pki}/ca.crt /root/etcd/
cp ${pki}/healthcheck-client.crt /root/etcd/tls.crt && cp ${pki}/healthcheck-client.key /root/etcd/tls.key`);
    for (const [command = "", ...args] of [snapshot, verify]) await first.mustRun(command, ...args);
    await cluster.kubectl("control-1", "delete", "configmap", "before");
    const snapshotFile = join(cluster.folder, "etcd.db");
    await first.mustRun("cp", "/root/etcd.db", snapshotFile);
    // The steps of docs/guides/cluster.md.
    const on = planes.map((name) => cluster.machine(name));
    for (const machine of on) await machine.shell(stopControlPlane);
    for (const machine of on) await controlPlaneStopped(machine);
    for (const machine of on) {
      await machine.shell(moveLostData);
      await machine.mustRun("cp", snapshotFile, "/root/etcd.db");
    }
    for (const machine of on) await machine.shell(restoreMember(machine.name, members));
    await cluster.waitForAnswer(90);
    assert.match(await cluster.kubectl("control-3", "get", "configmap", "before"), /^NAME/);
    assert.deepEqual(await voters("control-2"), allVote);
  });

  it("renew their certificates one after the other while the API responds", async () => {
    for (const name of planes) {
      const machine = cluster.machine(name);
      const script = join(machine.plan, "machine.sh");
      const renewed = machine.run("env", "RENEW_PAUSE=3", "sh", script, "renew");
      let ended = false;
      void renewed.finally(() => (ended = true));
      for (let last = Date.now(); !ended; await sleep(500)) {
        if (await cluster.answers()) last = Date.now();
        assert.ok(Date.now() - last < 30_000, `no answer for 30 s while ${name} renews`);
      }
      const { code, output } = await renewed;
      assert.equal(code, 0, output);
      await cluster.waitForAnswer(60);
    }
  });

  upgrade(() => cluster);
});

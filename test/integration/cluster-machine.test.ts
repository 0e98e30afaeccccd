import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { etcdCommands } from "../../components/backup/etcd";
import { haproxyCommand } from "../../local/toolchain/haproxy";
import { ensureBinary } from "../../local/toolchain/install";
import {
  controlPlaneStopped,
  moveLostData,
  restoreMember,
  skipWithoutRoot,
  stopControlPlane,
  writePlan,
} from "../support/cluster-plan";
import { PlanMachine } from "../support/plan-machine";
import { untilEqual } from "../support/until";
import { otherMachines } from "./cluster-machine/other-machines";

const admin = ["--kubeconfig", "/etc/kubernetes/admin.conf"];

/** Waits until the API server answers through HAProxy. */
const ready =
  "for try in $(seq 240); do kubectl --kubeconfig /etc/kubernetes/admin.conf get --raw /readyz && exit; sleep 0.5; done; exit 1";

/** Waits until the namespace default has its service account. */
const accountMade =
  "for try in $(seq 120); do kubectl --kubeconfig /etc/kubernetes/admin.conf get serviceaccount default && exit; sleep 0.5; done; exit 1";

describe("a control-plane machine of the plan, without a kubelet", () => {
  let folder: string;
  let machine: PlanMachine;
  before(async function () {
    await skipWithoutRoot(this);
    if (haproxyCommand() === undefined) this.skip();
    for (const name of ["kubeadm", "kube-apiserver", "etcd", "etcdctl"]) await ensureBinary(name);
    folder = mkdtempSync(join(tmpdir(), "cluster-plan-"));
    writePlan(join(folder, "plan"));
    // The second address is the one that keepalived would give to it.
    const addresses = ["10.20.0.21", "10.20.0.20"];
    machine = new PlanMachine("control-1", addresses, folder, join(folder, "plan/control-1"));
    await machine.start();
    await machine.shell("echo 10.20.0.20 api.platform.example.com >>/etc/hosts");
  });
  after(async () => {
    await machine?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const kubectl = (...args: string[]) => machine.mustRun("kubectl", ...admin, ...args);
  const files = () =>
    machine.mustRun("find", "/mnt/upper", "-type", "f", "-newer", `${folder}/mark`);

  it("differs before it is set up, and a check changes nothing", async () => {
    writeFileSync(`${folder}/mark`, "");
    const { code, output } = await machine.script("--check");
    assert.equal(code, 1);
    assert.match(output, /^differs {2}\/etc\/kubernetes\/kubeadm\.yaml$/m);
    assert.match(output, /^differs {2}vm\.max_map_count = 262144$/m);
    assert.match(output, /^control-1: \d+ differences$/m);
    assert.equal(await files(), "");
  });

  it("refuses to be another machine", async () => {
    const other = join(folder, "plan/control-2/machine.sh");
    const { code, output } = await machine.run("sh", other);
    assert.equal(code, 1);
    assert.match(
      output,
      /^control-2: expected the host name control-2, got control-1; run the script of this machine/,
    );
  });

  it("creates the cluster with the real kubeadm, etcd, API server, controller manager and HAProxy", async () => {
    const { code, output } = await machine.script("init");
    assert.equal(code, 0, output);
    assert.match(output, /Your Kubernetes control-plane has initialized successfully!/);
    assert.match(output, /installation\.operator\.tigera\.io\/default serverside-applied/);
  });

  it("is then as described, and a second run changes nothing", async () => {
    const checked = await machine.script("--check");
    assert.deepEqual(checked, { code: 0, output: "control-1 is as described\n" });
    assert.deepEqual(await machine.script(), { code: 0, output: "" });
    const again = await machine.script("init");
    assert.match(again.output, /expected a machine outside of a cluster, got a member/);
  });

  it("reports a changed file or firewall rule as a difference, and corrects it", async () => {
    await machine.shell("echo >>/etc/haproxy/haproxy.cfg");
    await machine.mustRun("nft", "add rule inet machine input tcp dport 8080 accept");
    const { code, output } = await machine.script("--check");
    assert.equal(code, 1);
    assert.deepEqual(output.split("\n").sort().slice(1), [
      "control-1: 2 differences",
      "differs  /etc/haproxy/haproxy.cfg",
      "differs  rules of the firewall",
    ]);
    assert.equal((await machine.script()).code, 0);
    assert.equal((await machine.script("--check")).code, 0);
  });

  it("writes Secrets into etcd encrypted, and the audit log without them", async () => {
    await kubectl("create", "secret", "generic", "login", "--from-literal=word=in-plain-sight");
    const tls = "/etc/kubernetes/pki/etcd";
    const stored = await machine.mustRun(
      "etcdctl",
      ...["--endpoints=https://10.20.0.21:2379", `--cacert=${tls}/ca.crt`],
      ...[`--cert=${tls}/healthcheck-client.crt`, `--key=${tls}/healthcheck-client.key`],
      ...["get", "/registry/secrets/default/login", "--print-value-only"],
    );
    assert.ok(stored.startsWith("k8s:enc:secretbox:v1:first:"), stored.slice(0, 60));
    assert.ok(!stored.includes("in-plain-sight"));
    const log = await machine.mustRun("cat", "/var/log/kubernetes/audit/audit.log");
    assert.ok(log.includes('"name":"login"'), "the request is in the log");
    assert.ok(!log.includes("in-plain-sight"));
    assert.equal(
      await machine.mustRun("stat", "-c", "%a", "/etc/kubernetes/encryption/secrets.yaml"),
      "600\n",
    );
  });

  it("refuses privileged pods in namespaces without a label", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "privileged", namespace: "default" },
      spec: { containers: [{ name: "one", image: "one", securityContext: { privileged: true } }] },
    };
    await machine.shell(`echo '${JSON.stringify(pod)}' >/root/pod.json`);
    // The controller manager makes the account that a pod of the namespace gets some time after its first start.
    await machine.shell(accountMade);
    const args = [...admin, "create", "--dry-run=server", "-f", "/root/pod.json"];
    const { code, output } = await machine.run("kubectl", ...args);
    assert.equal(code, 1);
    assert.match(output, /violates PodSecurity "baseline:latest": privileged/);
  });

  it("serves metrics at its address, as monitoring expects them", async () => {
    const get = (url: string) =>
      machine.run("/usr/bin/curl", "-ks", "-o", "/dev/null", "-w", "%{http_code}", url);
    const codes = () =>
      Promise.all(
        [
          "http://10.20.0.21:2381/metrics",
          "https://10.20.0.21:10257/metrics",
          "https://10.20.0.21:10259/metrics",
        ].map(async (url) => (await get(url)).output),
      );
    // The last two ask the API server who it is, and refuse a stranger.
    await untilEqual(120, codes, ["200", "403", "403"]);
  });

  otherMachines(() => ({ folder, machine, kubectl }));

  it("is restored from a snapshot of etcd that components/backup made, and its check for keepalived detects whether HAProxy reaches the API", async () => {
    const check = async () => (await machine.run("/etc/keepalived/check-api.sh")).code;
    assert.equal(await check(), 0);
    await kubectl("create", "configmap", "before");
    const [snapshot, verify] = etcdCommands({
      endpoint: "https://10.20.0.21:2379",
      certificates: "/root/etcd",
      file: "/root/etcd.db",
    });
    const pki = "/etc/kubernetes/pki/etcd";
    await machine.shell(
      `mkdir /root/etcd && cp ${pki}/ca.crt /root/etcd/ && cp ${pki}/healthcheck-client.crt /root/etcd/tls.crt && cp ${pki}/healthcheck-client.key /root/etcd/tls.key`,
    );
    for (const [command = "", ...args] of [snapshot, verify])
      await machine.mustRun(command, ...args);
    await kubectl("delete", "configmap", "before");
    // The steps of docs/guides/cluster.md.
    await machine.shell(stopControlPlane);
    await controlPlaneStopped(machine);
    await untilEqual(60, check, 1);
    await machine.shell(moveLostData + restoreMember("control-1", { "control-1": "10.20.0.21" }));
    await machine.shell(ready);
    await untilEqual(60, check, 0);
    assert.match(await kubectl("get", "configmap", "before"), /^NAME/);
  });

  it("renews its certificates, and serves the new ones", async () => {
    const serial = () =>
      machine.shell(
        "for try in $(seq 240); do openssl s_client -connect 10.20.0.21:6443 </dev/null 2>/dev/null | openssl x509 -noout -serial && exit; sleep 0.5; done; exit 1",
      );
    const before = await serial();
    const script = join(folder, "plan/control-1/machine.sh");
    const { code, output } = await machine.run("env", "RENEW_PAUSE=3", "sh", script, "renew");
    assert.equal(code, 0, output);
    assert.notEqual(await serial(), before);
    await machine.shell(ready);
  });
});

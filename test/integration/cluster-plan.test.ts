import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { haproxyCommand } from "../../local/toolchain/haproxy";
import { binary, ensureBinary } from "../../local/toolchain/install";
import { runProgram } from "../support/backup";
import { skipWithoutRoot, writePlan } from "../support/cluster-plan";
import { debianProgram } from "../support/debian-program";

const names = ["control-1", "control-2", "control-3", "worker-1", "worker-2", "worker-3"];

describe("the plan of the example, with the programs that read it", () => {
  let folder: string;
  before(async function () {
    await skipWithoutRoot(this);
    for (const name of ["kubeadm", "kube-apiserver", "containerd"]) await ensureBinary(name);
    folder = mkdtempSync(join(tmpdir(), "cluster-plan-"));
    writePlan(folder);
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  const file = (machine: string, path: string) => join(folder, machine, "files", path);

  it("passes kubeadm config validate on every machine", async () => {
    // kubeadm looks whether the kubeconfig of a bundle is there.
    const discovery = file("control-1", "etc/kubernetes/policy/discovery.conf");
    for (const name of names) {
      const join = readFileSync(file(name, "etc/kubernetes/kubeadm-join.yaml"), "utf8");
      const copy = `${folder}/join.yaml`;
      writeFileSync(copy, join.replace("/etc/kubernetes/discovery.conf", discovery));
      const files = name.startsWith("control")
        ? [copy, file(name, "etc/kubernetes/kubeadm.yaml")]
        : [copy];
      for (const config of files) {
        const result = await runProgram(binary("kubeadm"), [
          "config",
          "validate",
          "--config",
          config,
        ]);
        assert.deepEqual(result, { code: 0, output: "ok\n" }, `${name} ${config}`);
      }
    }
  });

  it("enables admission plugins that the API server has", async () => {
    const config = readFileSync(file("control-1", "etc/kubernetes/kubeadm.yaml"), "utf8");
    const [, value] = /enable-admission-plugins\n\s+value: (\S+)/.exec(config) ?? [];
    const { output } = await runProgram(binary("kube-apiserver"), ["--help"]);
    const known = /--enable-admission-plugins strings[^]*?admission plugins: ([\w, ]+)\./i.exec(
      output,
    );
    assert.ok(value !== undefined && known?.[1] !== undefined, output);
    const missing = value.split(",").filter((name) => !known[1]?.split(", ").includes(name));
    assert.deepEqual(missing, []);
  });

  it("passes nft --check on every machine", async () => {
    const nft = await debianProgram(["nftables"], "usr/sbin/nft");
    if (nft instanceof Error) throw nft;
    for (const name of names) {
      const rules = file(name, "etc/nftables.d/machine.nft");
      const result = await runProgram("unshare", ["--net", ...nft, "--check", "--file", rules]);
      assert.deepEqual(result, { code: 0, output: "" }, name);
    }
  });

  it("has containerd's settings where containerd 2 reads them", async () => {
    const config = file("worker-1", "etc/containerd/config.toml");
    const { code, output } = await runProgram(binary("containerd"), [
      "--config",
      config,
      "config",
      "dump",
    ]);
    assert.equal(code, 0, output);
    for (const line of [
      "sandbox = 'registry.k8s.io/pause:3.10.2'",
      "config_path = '/etc/containerd/certs.d'",
      "SystemdCgroup = true",
    ]) {
      assert.ok(output.includes(line), `${line} in ${output}`);
    }
  });

  it("passes haproxy -c", async function () {
    const haproxy = haproxyCommand();
    if (haproxy === undefined) return this.skip();
    const [command = "", ...args] = haproxy;
    const config = file("control-1", "etc/haproxy/haproxy.cfg");
    const { code, output } = await runProgram(command, [...args, "-c", "-f", config]);
    assert.equal(code, 0, output);
  });

  it("passes keepalived --config-test", async function () {
    const keepalived = await debianProgram(["keepalived"], "usr/sbin/keepalived");
    if (keepalived instanceof Error) return this.skip();
    const [command = "", ...args] = keepalived;
    const config = readFileSync(file("control-2", "etc/keepalived/keepalived.conf"), "utf8");
    const script = file("control-2", "etc/keepalived/check-api.sh");
    writeFileSync(`${folder}/check-api.sh`, readFileSync(script), { mode: 0o755 });
    const text = config.replace("/etc/keepalived/check-api.sh", `${folder}/check-api.sh`);
    // The interface of this machine may have another name.
    writeFileSync(`${folder}/keepalived.conf`, text.replace("interface eth0", "interface lo"));
    const result = await runProgram(command, [
      ...args,
      "--config-test",
      "-f",
      `${folder}/keepalived.conf`,
    ]);
    // It warns of folders that others can write to, as the one for temporary files is.
    assert.ok(!/Unknown keyword|error|missing/i.test(result.output), result.output);
  });

  it("has scripts in which ShellCheck finds no errors", async function () {
    const shellcheck = await debianProgram(["shellcheck"], "usr/bin/shellcheck");
    if (shellcheck instanceof Error) return this.skip();
    const [command = "", ...args] = shellcheck;
    const scripts = [
      join(folder, "control-1/machine.sh"),
      join(folder, "worker-1/machine.sh"),
      file("control-1", "usr/local/sbin/approve-kubelets"),
      file("control-1", "etc/keepalived/check-api.sh"),
    ];
    assert.deepEqual(await runProgram(command, [...args, "--shell=sh", ...scripts]), {
      code: 0,
      output: "",
    });
  });
});

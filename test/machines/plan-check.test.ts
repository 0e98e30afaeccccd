import assert from "node:assert/strict";
import { appendFileSync, chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterAt, startCluster, stopCluster } from "../../local/cluster";
import { prepareImages } from "../../local/images";
import { nodeAddresses, presentNetwork, type Network } from "../../local/machines/network";
import { nodePlaces } from "../../local/machines/places";
import { binary } from "../../local/toolchain/install";
import { kubectl } from "../support/rendered";
import { answers, findLacking } from "./support/node-facts";
import { NodeLogin } from "./support/node-login";
import { NodePlan } from "./support/node-plan";
import { until } from "../support/until";
import { leftovers } from "./support/traces";

const name = "plan-check";

/** Modules of the example that a machine may lack. */
const modules = ["ceph", "rbd"];

/** Path of a machine's script on a node. */
const script = "/root/plan/machine.sh";

/** Port of kube-proxy's health, at which every node listens and which no rule of the plan opens. */
const unopened = 10_256;

/** Files of a node that its own programs do not write, and what else a check could change. */
const state = `
find /etc /opt /root /tmp /var -path /var/lib/containerd -prune -o -path /var/lib/kubelet -prune \\
  -o -path /var/log -prune -o -printf '%p %y %m %U:%G %s %T@ %C@\\n' | sort
nft list tables | grep 'inet machine' || echo none
ip -o address show dev eth0
cat /proc/swaps
ls /sys/module
`;

describe("the plan of three control-plane machines and three workers, on real nodes", () => {
  const cluster = clusterAt(name);
  const folder = mkdtempSync(join(tmpdir(), "plan-check-"));
  let network: Network;
  let plan: NodePlan;
  const nodes: Record<string, NodeLogin> = {};
  const node = (machine: string): NodeLogin => {
    const found = nodes[machine];
    assert.ok(found, machine);
    return found;
  };
  const onNode = (machine: string, ...args: string[]) => node(machine).run("sh", script, ...args);

  before(async () => {
    const { index } = await prepareImages({ platform: [], apps: {} });
    await startCluster({ name, nodes: { count: 1 }, machines: { count: 2, images: index } });
    const present = presentNetwork(cluster);
    assert.ok(present);
    network = present;
    plan = new NodePlan(folder, network);
    await plan.write({ modules });
    for (const machine of ["machine-0", "machine-1"]) {
      const pid = Number(readFileSync(nodePlaces(cluster, machine).pid, "utf8"));
      nodes[machine] = new NodeLogin(pid);
    }
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    const bridge = presentNetwork(cluster)?.bridge;
    await stopCluster(name);
    if (bridge !== undefined) assert.deepEqual(await leftovers(cluster, bridge), []);
  });

  it("has files that kubeadm accepts on a node", async () => {
    const on = node("machine-0");
    cpSync(binary("kubeadm"), on.path("/var/tmp/kubeadm"));
    cpSync(plan.file("machine-0", "files"), on.path("/var/tmp/first"), { recursive: true });
    for (const machine of plan.machines) {
      const files = plan.paths(machine).filter((path) => /\/kubeadm(-join)?\.yaml$/.test(path));
      assert.equal(files.length, plan.machines.indexOf(machine) < 3 ? 2 : 1, machine);
      for (const path of files) {
        const text = readFileSync(plan.file(machine, `files${path}`), "utf8");
        // kubeadm looks whether the kubeconfig of a bundle is there.
        const policy = "/var/tmp/first/etc/kubernetes/policy/discovery.conf";
        on.write("/var/tmp/tried.yaml", text.replace("/etc/kubernetes/discovery.conf", policy));
        const words = ["config", "validate", "--config", "/var/tmp/tried.yaml"];
        const { code, output } = await on.run("/var/tmp/kubeadm", ...words);
        assert.deepEqual({ code, output }, { code: 0, output: "ok\n" }, `${machine} ${path}`);
      }
    }
    rmSync(on.path("/var/tmp"), { recursive: true });
  });

  for (const machine of ["machine-0", "machine-1"]) {
    const isControlPlane = machine === "machine-0";

    const address = () => nodeAddresses(network, isControlPlane ? 0 : 1).node;

    const lacking = () => findLacking(node(machine), plan, machine, modules);
    const differing = (output: string): string[] =>
      output.split("\n").flatMap((line) => /^differs {2}(.*)$/.exec(line)?.slice(1) ?? []);

    describe(`as the ${isControlPlane ? "control-plane machine" : "worker"} ${machine}`, () => {
      before(async () => {
        await plan.write({ modules });
        plan.copyTo(node(machine), machine);
      });

      it("reports everything that is missing, and changes nothing", async () => {
        await until("kube-proxy listens", 60, () => answers(address(), unopened));
        const before = await node(machine).shell(state);
        const { code, output } = await onNode(machine, "--check");
        assert.equal(await node(machine).shell(state), before);
        assert.equal(code, 1, output);
        const told = differing(output);
        // Of no tool that it looks with: curl is a package that it asks for.
        assert.doesNotMatch(output, /not found$|No such file/m);
        for (const path of plan.paths(machine)) assert.ok(told.includes(path), path);
        for (const wish of await lacking()) assert.ok(told.includes(wish), `${wish}\n${output}`);
        for (const wish of [
          "net.ipv4.ip_local_port_range = 20000 60999",
          "rules of the firewall",
          "package curl",
        ]) {
          assert.ok(told.includes(wish), `${wish}\n${output}`);
        }
        assert.match(output, /^differs {2}packages .* containerd\.io kubeadm=1\.\S+-\* /m);
        assert.match(output, new RegExp(`^${machine}: ${told.length} differences$`, "m"));
      });

      it("also checks before the programs of its packages are installed", async () => {
        const programs = ["nft", "modprobe", "sysctl"].map((program) => `/usr/sbin/${program}`);
        const { code, output } = await node(machine).without(programs, "sh", script, "--check");
        assert.equal(code, 1, output);
        assert.doesNotMatch(output, /not found$|No such file|ermission denied/m);
        for (const wish of ["kernel module rbd", "kernel.panic = 10", "rules of the firewall"]) {
          assert.ok(differing(output).includes(wish), `${wish}\n${output}`);
        }
        assert.match(output, /^machine-\d: \d+ differences$/m);
      });

      it("applies what it can, and reports all the rest at once", async () => {
        await plan.supply(node(machine), machine);
        if (isControlPlane) {
          const { code, output } = await onNode(machine);
          assert.equal(code, 1, output);
          assert.match(
            output,
            /^machine-0: expected \/etc\/kubernetes\/encryption\/secrets\.yaml, readable by root alone; bring it from another control-plane machine, never a new one$/m,
          );
          node(machine).write("/etc/kubernetes/encryption/secrets.yaml", "as brought", 0o600);
        }
        const { code, output } = await onNode(machine);
        const wishes = await lacking();
        assert.equal(code, 1, output);
        for (const wish of wishes) assert.ok(output.includes(`cannot   ${wish}\n`), output);
        assert.match(
          output,
          new RegExp(
            `^${machine}: ${wishes.length} changes that this machine does not permit`,
            "m",
          ),
        );
        const checked = await onNode(machine, "--check");
        assert.equal(checked.code, 1);
        assert.deepEqual(differing(checked.output), wishes);
      });

      it("keeps its containerd settings although the package contains others", () => {
        const path = "/etc/containerd/config.toml";
        const installed = readFileSync(node(machine).path(path), "utf8");
        assert.equal(installed, readFileSync(plan.file(machine, `files${path}`), "utf8"));
        const status = readFileSync(node(machine).path("/var/lib/dpkg/status"), "utf8");
        assert.match(status, /^Package: containerd\.io\nStatus: install ok installed$/m);
        assert.match(status, /^Package: kubelet\nStatus: hold ok installed$/m);
      });

      it("still works behind the plan's firewall, which refuses everything that it does not open", async () => {
        assert.equal(await answers(address(), 10_250), true);
        assert.equal(await answers(address(), unopened), false);
        const healthz = `/api/v1/nodes/${machine}/proxy/healthz`;
        assert.equal(await kubectl(cluster, "get", "--raw", healthz), "ok");
        const since = Date.now();
        await until("its kubelet renews the lease of the node", 60, async () => {
          // It makes the lease when the namespace of all leases is there.
          const format = ["--ignore-not-found", "-o", "jsonpath={.spec.renewTime}"];
          const lease = ["-n", "kube-node-lease", "get", "lease", machine, ...format];
          return Date.parse(await kubectl(cluster, ...lease)) > since;
        });
      });

      it("is as described with its own settings, a stand-in for systemd and no missing module", async () => {
        const own = plan.sysctls(machine).map(([setting]) => setting);
        await node(machine).detach(own.filter((setting) => !setting.startsWith("net.")));
        plan.standInForSystemd(node(machine));
        await plan.write({ modules: [] });
        plan.copyTo(node(machine), machine);
        const before = await onNode(machine, "--check");
        // What an earlier run wrote, and could not let them read.
        const { output: unread } = before;
        assert.match(unread, /^differs {2}containerd has not read its new files$/m);
        assert.match(unread, /^differs {2}systemd has not read its new files$/m);
        assert.match(unread, /^differs {2}\/etc\/modules-load\.d\/cluster\.conf$/m);
        const applied = await onNode(machine);
        assert.equal(applied.code, 0, applied.output);
        const { code, output } = await onNode(machine, "--check");
        assert.deepEqual({ code, output }, { code: 0, output: `${machine} is as described\n` });
        const again = await onNode(machine);
        assert.deepEqual({ code: again.code, output: again.output }, { code: 0, output: "" });
      });

      it("names what was changed by hand", async () => {
        const changed = "/etc/sysctl.d/90-cluster.conf";
        const opened = "/etc/kubernetes/kubeadm-join.yaml";
        appendFileSync(node(machine).path(changed), "vm.swappiness = 100\n");
        chmodSync(node(machine).path(opened), 0o644);
        rmSync(node(machine).path("/etc/systemd/journald.conf.d/cluster.conf"));
        await node(machine).shell("nft add rule inet machine input tcp dport 10256 accept");
        const { code, output } = await onNode(machine, "--check");
        assert.equal(code, 1, output);
        assert.deepEqual(differing(output), [
          opened,
          changed,
          "/etc/systemd/journald.conf.d/cluster.conf",
          "rules of the firewall",
        ]);
        assert.equal((await onNode(machine)).code, 0);
        assert.equal((await onNode(machine, "--check")).code, 0);
      });
    });
  }
});

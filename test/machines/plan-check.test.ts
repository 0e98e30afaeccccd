import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { clusterAt, startCluster, stopCluster } from "../../local/cluster";
import { prepareImages } from "../../local/images";
import { networkOf, nodeAddresses, presentNetwork } from "../../local/machines/network";
import { nodePlaces } from "../../local/machines/places";
import { writePlan, type Given } from "../support/cluster-plan";
import { kubectl } from "../support/rendered";

const name = "plan-check";
const node = "machine-0";

/** A real node is no planned machine: its system has no package manager and no systemd. Its kernel and network are real. */
describe("the script of a plan on a real node", () => {
  const cluster = clusterAt(name);
  const script = `/data/plan/${node}/machine.sh`;
  let address = "";

  before(async () => {
    const { index } = await prepareImages({ platform: [], apps: {} });
    await startCluster({ name, nodes: { count: 1 }, machines: { count: 1, images: index } });
    const network = presentNetwork(cluster) ?? networkOf(0);
    address = nodeAddresses(network, 0).node;
    const range = address.replace(/\d+$/, "");
    const given = parse(readFileSync("clusters/prod.yaml", "utf8")) as Given;
    given.stacks = [];
    Object.assign(given.network, { machines: `${range}0/24` });
    Object.assign(given, { endpoint: { type: "keepalived", address: `${range}20`, routerId: 20 } });
    given.machines = {
      "control-1": { role: "control-plane", address: `${range}21` },
      [node]: { role: "worker", address },
    };
    writePlan(join(nodePlaces(cluster, node).data, "plan"), given);
  });
  after(() => stopCluster(name));

  const onNode = (...command: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const pid = readFileSync(nodePlaces(cluster, node).pid, "utf8");
      const spaces = ["--mount", "--net", "--uts", "--pid", "--ipc", "--root", "--wd"];
      const args = ["--target", pid, ...spaces, "--", ...command];
      const options = { env: { PATH: "/usr/sbin:/usr/bin" } };
      execFile("nsenter", args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, output: `${stdout}${stderr}` });
      });
    });

  /** What a connection to a port of the node came to, where nothing listens. */
  const knock = (port: number) =>
    new Promise<string>((resolve) => {
      const socket = connect({ host: address, port, timeout: 2000 });
      const end = (what: string) => {
        socket.destroy();
        resolve(what);
      };
      socket.on("connect", () => end("open"));
      socket.on("timeout", () => end("dropped"));
      socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => end(code));
    });

  it("tells what differs, and changes nothing", async () => {
    await onNode("sh", "-c", "touch /run/mark; sleep 0.1");
    const { code, output } = await onNode("sh", script, "--check");
    assert.equal(code, 1, output);
    assert.doesNotMatch(output, /expected the host name|expected the address/);
    for (const line of [
      "differs  /etc/containerd/config.toml",
      "differs  package curl",
      "differs  rules of the firewall",
      "differs  containerd.service does not run",
    ]) {
      assert.ok(output.includes(`${line}\n`), `${line} in ${output}`);
    }
    assert.match(output, /^machine-0: \d+ differences$/m);
    const written = await onNode("find", "/etc", "/usr/local", "-newer", "/run/mark", "-type", "f");
    assert.equal(written.output, "");
  });

  it("finds the rules of its firewall beside those of kube-proxy, and the node goes on with them", async () => {
    assert.equal(await knock(10_255), "ECONNREFUSED");
    const rules = `/data/plan/${node}/files/etc/nftables.d/machine.nft`;
    assert.deepEqual(await onNode("nft", "-f", rules), { code: 0, output: "" });
    const { output } = await onNode("sh", script, "--check");
    assert.doesNotMatch(output, /rules of the firewall/);
    assert.match((await onNode("nft", "list", "tables")).output, /kube-proxy/);
    assert.equal(await knock(10_255), "dropped");
    // The API server asks the kubelet.
    const metrics = await kubectl(cluster, "get", "--raw", `/api/v1/nodes/${node}/proxy/healthz`);
    assert.equal(metrics, "ok");
  });

  it("tells of a rule that somebody added", async () => {
    await onNode("nft", "add", "rule", "inet", "machine", "input", "tcp", "dport", "1", "accept");
    assert.match(
      (await onNode("sh", script, "--check")).output,
      /differs {2}rules of the firewall/,
    );
  });
});

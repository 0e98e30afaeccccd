import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { nodeAddresses, type Network } from "../../../local/machines/network";
import { kubernetes } from "../../../local/toolchain/kubernetes";
import type { Given } from "../../support/cluster-plan";
import { downloaded, standIns } from "../../support/plan-stand-ins";
import { runCommand, succeeded } from "../../support/results";
import type { NodeLogin } from "./node-login";
import { writePackageSource } from "./package-source";

/** Folder of a node for what it gets in place of the network, and of systemd. */
const given = "/var/lib/given";

/** What tests change in the cluster's file, in addition to {@link Given}. */
interface NodeCluster extends Given {
  network: Given["network"] & { machines: string };
  endpoint: { address: string };
  kubelet: object;
  modules?: string[];
  sysctls?: Record<string, string | number>;
}

/** The plan of three control-plane machines and three workers, of which two are real nodes. */
export class NodePlan {
  /** Machines of the plan: the first and the fourth are the real nodes. */
  readonly machines = ["machine-0", "control-2", "control-3", "machine-1", "worker-2", "worker-3"];
  private readonly cluster = parse(readFileSync("clusters/prod.yaml", "utf8")) as NodeCluster;

  /** @param folder an empty folder. */
  constructor(
    private readonly folder: string,
    network: Network,
  ) {
    const { cluster } = this;
    const addresses = [0, 1].map((node) => nodeAddresses(network, node).node);
    const others = [20, 21, 22, 23, 24].map((last) => network.gateway.replace(/\d+$/, `${last}`));
    const [shared = "", second, third, fifth, sixth] = others;
    const inOrder = [addresses[0], second, third, addresses[1], fifth, sixth];
    cluster.network.machines = network.gateway.replace(/\d+$/, "0/24");
    cluster.endpoint.address = shared;
    // Which stacks use it is not what is tested; their addresses are those of the example.
    delete cluster.stacks;
    cluster.machines = Object.fromEntries(
      Object.values(cluster.machines).map((machine, index) => [
        this.machines[index],
        { ...machine, address: inOrder[index] ?? "" },
      ]),
    );
    // To turn it off would turn it off on the computer that runs the nodes.
    cluster.kubelet = { ...cluster.kubelet, swap: "limited" };
    // One that a node has for itself, with several values.
    cluster.sysctls = { "net.ipv4.ip_local_port_range": "20000 60999" };
    const sha256 = createHash("sha256").update(downloaded).digest("hex");
    const keys = Object.values(cluster.packages.repositories).map(({ key }) => key);
    for (const download of [...cluster.network.plugin.manifests, ...keys]) download.sha256 = sha256;
  }

  /** Writes the plan by the command for it. */
  async write({ modules }: { modules: string[] }): Promise<void> {
    this.cluster.modules = modules;
    mkdirSync(join(this.folder, "clusters"), { recursive: true });
    writeFileSync(join(this.folder, "clusters/prod.yaml"), stringify(this.cluster));
    const args = ["bin/platform.mjs", "cluster", "plan", "prod", this.written];
    const surroundings = { cwd: process.cwd(), env: process.env };
    const from = ["--config-dir", this.folder];
    succeeded(await runCommand(process.execPath, [...args, ...from], surroundings));
  }

  /** Returns the path of a file of a machine's folder. */
  file(machine: string, path: string): string {
    return join(this.written, machine, path);
  }

  /** Returns the paths on a machine of the files of its folder. */
  paths(machine: string): string[] {
    return this.setting(machine, "FILES").map((line) => line.replace(/^\d+ /, ""));
  }

  /** Returns the names and values of the kernel's settings of a machine. */
  sysctls(machine: string): [name: string, value: string][] {
    return this.setting(machine, "SYSCTLS").map((line) => {
      const [name = "", ...value] = line.split(" ");
      return [name, value.join(" ")];
    });
  }

  /** Copies the folder of a machine to a node, in place of what was there, as the README of the plan says. */
  copyTo(node: NodeLogin, machine: string): void {
    rmSync(node.path("/root/plan"), { recursive: true, force: true });
    cpSync(join(this.written, machine), node.path("/root/plan"), { recursive: true });
  }

  /** Gives a node what a machine gets over the network: packages, which are empty, and keys. */
  async supply(node: NodeLogin, machine: string): Promise<void> {
    const [packages = ""] = this.setting(machine, "PACKAGES");
    const small = packages.split(" ").map((name) => [name, { version: "1.0" }] as const);
    const parts = ["kubeadm", "kubelet", "kubectl"];
    await writePackageSource(node.path(`${given}/packages`), {
      ...Object.fromEntries(small),
      ...Object.fromEntries(parts.map((name) => [name, { version: `${kubernetes}-1.1` }])),
      // Docker's package has this file, too: with the runtime's interface for kubelets turned off.
      "containerd.io": {
        version: "2.4.2-1",
        files: { "/etc/containerd/config.toml": 'disabled_plugins = ["cri"]\n' },
      },
    });
    node.write("/etc/apt/sources.list", `deb [trusted=yes] file:${given}/packages ./\n`);
    // The sources of the plan, which no name server knows here, are not asked again and again.
    node.write("/etc/apt/apt.conf.d/50given", 'Acquire::Retries "0";\n');
    node.write("/var/lib/dpkg/status", "");
    for (const folder of ["lib/dpkg/info", "lib/dpkg/updates", "cache/apt/archives/partial"]) {
      mkdirSync(node.path(`/var/${folder}`), { recursive: true });
    }
    node.write(`${given}/programs/download`, downloaded);
    node.write(`${given}/programs/curl`, program(standIns["curl"]), 0o755);
    node.use(`${given}/programs`);
  }

  /** Lets a node seem to have systemd, which keeps what it was told. */
  standInForSystemd(node: NodeLogin): void {
    mkdirSync(node.path("/run/systemd/system"), { recursive: true });
    mkdirSync(node.path(`${given}/state`));
    const keeps = `STATE=${given}/state\n${standIns["systemctl"] ?? ""}`;
    node.write(`${given}/programs/systemctl`, program(keeps), 0o755);
  }

  private get written(): string {
    return join(this.folder, "plan");
  }

  /** Returns the lines of a setting of a machine's script. */
  private setting(machine: string, name: string): string[] {
    const script = readFileSync(this.file(machine, "machine.sh"), "utf8");
    const [, text] = new RegExp(`^${name}='([^']*)'$`, "m").exec(script) ?? [];
    if (text === undefined) throw new Error(`machine.sh: expected ${name}, got none`);
    return text.split("\n");
  }
}

function program(body = ""): string {
  return `#!/bin/sh\n${body}\n`;
}

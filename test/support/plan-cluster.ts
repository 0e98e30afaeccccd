import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { writePlan, type Given } from "./cluster-plan";
import { debianProgram } from "./debian-program";
import { PlanMachine, type Result } from "./plan-machine";
import { PlanNetwork } from "./plan-network";

/** The machines' shared address in the example, and its DNS name. */
const endpoint = { host: "api.platform.example.com", address: "10.20.0.20" };

/** Port of HAProxy. */
const port = 8443;

/** Machines of a plan, connected by a network of their own. */
export class PlanCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "cluster-"));
  readonly network = new PlanNetwork();
  private readonly machines = new Map<string, PlanMachine>();
  private readonly given: Given;
  private keepalived: readonly string[] = [];
  private disks = 0;

  /**
   * @param versions of Kubernetes that its machines can have.
   * @param change what differs from the example.
   */
  constructor(
    private readonly versions: readonly string[],
    change: (given: Given) => void,
  ) {
    this.given = parse(readFileSync("clusters/prod.yaml", "utf8")) as Given;
    change(this.given);
  }

  /** @throws Error if this machine cannot have Debian's keepalived. */
  async start(): Promise<void> {
    const keepalived = await debianProgram(["keepalived"], "usr/sbin/keepalived");
    if (keepalived instanceof Error) throw keepalived;
    this.keepalived = keepalived;
    this.plan();
    await this.network.start();
    for (const name of Object.keys(this.given.machines)) await this.install(name);
  }

  /** Changes the cluster's file, and writes the plan again. */
  plan(change: (given: Given) => void = () => undefined): void {
    change(this.given);
    rmSync(this.planFolder, { recursive: true, force: true });
    writePlan(this.planFolder, this.given);
  }

  /** Starts a machine with an empty disk. */
  async install(name: string): Promise<PlanMachine> {
    const address = this.given.machines[name]?.address ?? "";
    const disk = join(this.folder, `disk-${++this.disks}`);
    const { network, versions, keepalived } = this;
    const options = { network, versions, keepalived };
    const machine = new PlanMachine(name, [address], disk, join(this.planFolder, name), options);
    await machine.start();
    await machine.shell(`echo ${endpoint.address} ${endpoint.host} >>/etc/hosts`);
    this.machines.set(name, machine);
    return machine;
  }

  machine(name: string): PlanMachine {
    const found = this.machines.get(name);
    if (found === undefined) throw new Error(`${name}: no such machine`);
    return found;
  }

  /** Ends all processes of a machine at once, like a power failure. */
  async kill(name: string): Promise<void> {
    await this.machine(name).stop();
    this.machines.delete(name);
  }

  /** Joins a machine with a bundle that another one writes, as the plan's README says. */
  async join(name: string, from: string): Promise<Result> {
    const machine = this.machine(name);
    const isWorker = this.given.machines[name]?.role === "worker";
    await this.machine(from).bundle(isWorker ? "worker" : "control-plane", machine);
    return machine.script();
  }

  /** Runs kubectl on a control-plane machine with its administrator's kubeconfig. */
  kubectl(on: string, ...args: string[]): Promise<string> {
    return this.machine(on).mustRun(
      "kubectl",
      "--kubeconfig",
      "/etc/kubernetes/admin.conf",
      ...args,
    );
  }

  /** Runs etcdctl on a control-plane machine. */
  etcdctl(on: string, ...args: string[]): Promise<string> {
    const tls = "/etc/kubernetes/pki/etcd";
    return this.machine(on).mustRun(
      "etcdctl",
      ...["--endpoints=https://127.0.0.1:2379", `--cacert=${tls}/ca.crt`],
      ...[`--cert=${tls}/healthcheck-client.crt`, `--key=${tls}/healthcheck-client.key`],
      ...args,
    );
  }

  /** Returns the status code that curl gets on an administrator's computer; 000 without a response. */
  askStatus(url: string): Promise<string> {
    const flags = ["-ks", "--max-time", "2", "-o", "/dev/null", "-w", "%{http_code}"];
    const [command = "", ...words] = [...this.network.words, "curl", ...flags, url];
    return new Promise((resolve) => {
      execFile(command, words, (_error, stdout) => resolve(stdout));
    });
  }

  /** Whether the API answers at the shared address. */
  async answers(): Promise<boolean> {
    return (await this.askStatus(`https://${endpoint.address}:${port}/readyz`)) === "200";
  }

  /**
   * Waits until the API answers at the shared address three times in a row.
   * @returns the time until the first of these answers, seconds.
   * @throws Error if it does not within the time.
   */
  async waitForAnswer(seconds: number): Promise<number> {
    const started = Date.now();
    let row: number[] = [];
    while (Date.now() - started < seconds * 1000) {
      const now = (Date.now() - started) / 1000;
      row = (await this.answers()) ? [...row, now] : [];
      if (row.length === 3) return row[0] ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`the API did not answer within ${seconds} s`);
  }

  /** Writes the administrator's kubeconfig, with the shared address in place of its name. */
  async kubeconfig(from: string): Promise<{ kubeconfig: string; context: string }> {
    const text = await this.machine(from).mustRun("cat", "/etc/kubernetes/admin.conf");
    const given = parse(text) as { "current-context": string };
    const kubeconfig = join(this.folder, "admin.conf");
    writeFileSync(kubeconfig, stringify(given).replace(endpoint.host, endpoint.address));
    return { kubeconfig, context: given["current-context"] };
  }

  async stop(): Promise<void> {
    for (const machine of this.machines.values()) await machine.stop();
    this.network.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get planFolder(): string {
    return join(this.folder, "plan");
  }
}

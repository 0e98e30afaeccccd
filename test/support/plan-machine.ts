import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { binary } from "../../local/toolchain/install";
import { kubernetes } from "../../local/toolchain/kubernetes";
import { debianProgram } from "./debian-program";
import { firstChild, outputHas } from "./namespaces";
import type { PlanNetwork } from "./plan-network";
import { downloaded, programsOf, standIns } from "./plan-stand-ins";
import { standIn } from "./shell";

/** Folders of this machine of which each planned machine has its own copy: what it writes there is deleted with it. */
const ownFolders = ["etc", "var", "usr/local", "root"];

/** Result of a command. */
export interface Result {
  code: number | null;
  output: string;
}

/** Options of a {@link PlanMachine}. */
export interface MachineOptions {
  /** The network of several machines. Default: no network with other machines. */
  network?: PlanNetwork;
  /** Versions of Kubernetes that it can have. Default: that of the tools. */
  versions?: readonly string[];
  /** Command of keepalived. Default: none, and nobody holds the shared address. */
  keepalived?: readonly string[];
}

/**
 * A machine of a plan, as far as this machine can imitate one: its own network, host name, processes, and view of /etc
 * and /var, with the real programs of Kubernetes. Stand-ins replace systemd, the kubelet and the package manager; they
 * record the calls that they know and refuse all others. The stand-in of the kubelet runs the commands of static pods
 * as processes.
 */
export class PlanMachine {
  private holder: ChildProcess | undefined;
  private pid = 0;

  /**
   * @param folder an empty folder for its disk.
   * @param plan the machine's folder of the plan.
   */
  constructor(
    readonly name: string,
    readonly addresses: string[],
    private readonly folder: string,
    readonly plan: string,
    private readonly options: MachineOptions = {},
  ) {}

  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    await this.writeStandIns();
    const { network } = this.options;
    const kubelet = {
      programs: programsOf(this.versions, this.options.keepalived),
      packages: this.packages,
    };
    const words = [
      ...[process.execPath, join(__dirname, "kubelet-stand-in/index.mjs")],
      JSON.stringify(kubelet),
    ];
    const setup = [
      ...this.fileSystem(),
      `hostname ${this.name}`,
      "ip link set lo up",
      ...(network === undefined
        ? ["ip link add eth0 type veth peer name cable", "ip link set cable up"]
        : []),
      "echo started",
      "for try in $(seq 100); do [ -e /proc/net/dev ] && grep -q eth0: /proc/net/dev && break; sleep 0.1; done",
      ...this.addresses.map((address) => `ip address add ${address}/24 dev eth0`),
      "ip link set eth0 up",
      // kubeadm looks for the address of the default route.
      `ip route add default dev eth0`,
      "echo connected",
      `exec ${quoted(words)} >/var/log/kubelet.log 2>&1`,
    ];
    const flags = ["--mount", "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
    this.holder = spawn("unshare", [...flags, "sh", "-euc", setup.join("\n")], { stdio: "pipe" });
    await outputHas(this.holder, "started");
    this.pid = firstChild(this.holder);
    network?.plug(this.name, this.pid);
    await outputHas(this.holder, "connected");
  }

  /** Runs a command on the machine. */
  run(command: string, ...args: string[]): Promise<Result> {
    const options = { env: this.environment(), maxBuffer: 64 * 1024 * 1024 };
    return new Promise((resolve) => {
      execFile("nsenter", this.entered([command, ...args]), options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ code, output: `${stdout}${stderr}` });
      });
    });
  }

  /** Runs a command that must succeed. */
  async mustRun(command: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.run(command, ...args);
    if (code !== 0) {
      throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output.slice(-3000)}`);
    }
    return output;
  }

  /** Runs the machine's script of the plan. */
  script(...args: string[]): Promise<Result> {
    return this.run("sh", join(this.plan, "machine.sh"), ...args);
  }

  /** Runs a shell script on the machine, which must succeed. */
  shell(script: string): Promise<string> {
    return this.mustRun("sh", "-euc", script);
  }

  /**
   * Writes the bundle with which another machine joins, and unpacks it there, through a pipe.
   * @throws Error if either command fails.
   */
  async bundle(role: "control-plane" | "worker", to: PlanMachine): Promise<void> {
    const script = join(this.plan, "machine.sh");
    const from = this.startPiped(["sh", script, "bundle", role]);
    const into = to.startPiped(["tar", "-xpf", "-", "-C", "/"]);
    if (into.stdin) from.stdout?.pipe(into.stdin);
    const results = await Promise.all([from, into].map(resultOf));
    const failed = results.find(({ code }) => code !== 0);
    if (failed !== undefined) {
      throw new Error(`bundle ${role} ended with ${String(failed.code)}: ${failed.output}`);
    }
  }

  /** Stops the machine and all of its processes, whose namespace ends with its first one. */
  async stop(): Promise<void> {
    const { holder } = this;
    if (holder === undefined || holder.exitCode !== null || holder.signalCode !== null) return;
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await gone;
  }

  private get versions(): readonly string[] {
    return this.options.versions ?? [kubernetes];
  }

  /** File with the packages that the stand-in of apt installed. */
  private get packages(): string {
    return join(this.folder, "state/packages");
  }

  /** Mounts that make its own view of the file system. */
  private fileSystem(): string[] {
    return [
      "mount --make-rprivate /",
      "mount -t tmpfs tmpfs /mnt",
      "mount -t tmpfs tmpfs /run",
      // The folder that shows that systemd runs.
      "mkdir -p /run/systemd/system",
      // Modules of the kernel as the machine has them.
      "mount -t tmpfs tmpfs /sys/module",
      ...ownFolders.map((path) => {
        const [upper, work] = ["upper", "work"].map(
          (kind) => `/mnt/${kind}/${path.replace("/", "-")}`,
        );
        return `mkdir -p ${upper} ${work} && mount -t overlay overlay -o lowerdir=/${path},upperdir=${upper},workdir=${work} /${path}`;
      }),
    ];
  }

  private startPiped(command: string[]): ChildProcess {
    return spawn("nsenter", this.entered(command), { env: this.environment(), stdio: "pipe" });
  }

  private entered(command: string[]): string[] {
    return [
      ...["--target", String(this.pid), "--mount", "--net", "--uts", "--pid"],
      ...["--wd=/", "--", ...command],
    ];
  }

  private environment(): NodeJS.ProcessEnv {
    const tools = ["kubectl", "etcdctl"].map((name) => dirname(binary(name)));
    return {
      PATH: [join(this.folder, "bin"), ...tools, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(
        ":",
      ),
      HOME: "/root",
      STATE: join(this.folder, "state"),
      KUBEADM: join(this.folder, "kubeadm"),
    };
  }

  private async writeStandIns(): Promise<void> {
    const bin = join(this.folder, "bin");
    mkdirSync(join(this.folder, "state"), { recursive: true });
    writeFileSync(this.packages, "");
    mkdirSync(join(this.folder, "kubeadm"));
    for (const version of this.versions) {
      symlinkSync(binary("kubeadm", version), join(this.folder, "kubeadm", version));
    }
    for (const [name, body] of Object.entries(standIns)) standIn(join(bin, name), body);
    writeFileSync(join(bin, "download"), downloaded);
    // Not a stand-in, but the real program from the package that the script would install.
    const nft = await debianProgram(["nftables"], "usr/sbin/nft");
    if (nft instanceof Error) throw nft;
    standIn(join(bin, "nft"), `exec ${nft.join(" ")} "$@"`);
  }
}

/** Returns the exit code of a process, and what it wrote to standard error. */
function resultOf(child: ChildProcess): Promise<Result> {
  let output = "";
  child.stderr?.on("data", (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

function quoted(words: string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

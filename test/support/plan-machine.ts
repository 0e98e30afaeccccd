import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { haproxyCommand } from "../../local/toolchain/haproxy";
import { binary } from "../../local/toolchain/install";
import { standIn } from "./shell";

/** Folders of this machine that each planned machine has for itself: what it writes there is gone with it. */
const ownFolders = ["etc", "var", "usr/local", "root"];

/** Result of a command. */
export interface Result {
  code: number | null;
  output: string;
}

/**
 * A machine of a plan as far as this machine can be one: its own network, host name, processes, and its own view of /etc
 * and /var, with real programs of Kubernetes. There is no systemd, no kubelet and no package manager: stand-ins
 * replace them, which record the calls that they know and refuse all others. The stand-in of the kubelet runs the commands
 * of static pods as processes.
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
    private readonly plan: string,
  ) {}

  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    this.writeStandIns();
    const overlays = ownFolders.map((path) => {
      const [upper, work] = ["upper", "work"].map(
        (kind) => `/mnt/${kind}/${path.replace("/", "-")}`,
      );
      return `mkdir -p ${upper} ${work} && mount -t overlay overlay -o lowerdir=/${path},upperdir=${upper},workdir=${work} /${path}`;
    });
    const setup = [
      "mount --make-rprivate /",
      "mount -t tmpfs tmpfs /mnt",
      // Modules of the kernel as the machine has them.
      "mount -t tmpfs tmpfs /sys/module",
      ...overlays,
      `hostname ${this.name}`,
      "ip link set lo up",
      "ip link add eth0 type veth peer name cable",
      "ip link set cable up",
      ...this.addresses.map((address) => `ip address add ${address}/24 dev eth0`),
      "ip link set eth0 up",
      // kubeadm looks for the address of the default route.
      `ip route add default dev eth0`,
      "echo ready",
      `exec ${quoted([process.execPath, join(__dirname, "kubelet-stand-in.mjs"), JSON.stringify(programs())])} >/var/log/kubelet.log 2>&1`,
    ];
    const flags = ["--mount", "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
    this.holder = spawn("unshare", [...flags, "sh", "-euc", setup.join("\n")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [this.holder.stdout, this.holder.stderr]) {
      stream?.on("data", (data: Buffer) => (output += data.toString()));
    }
    for (let tries = 0; tries < 100 && !output.includes("ready"); tries++) await sleep(50);
    if (!output.includes("ready")) throw new Error(`The machine did not start: ${output}`);
    const parent = this.holder.pid ?? 0;
    this.pid = Number(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim());
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
  async done(command: string, ...args: string[]): Promise<string> {
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

  /** Stops the machine and all of its processes, whose namespace ends with its first one. */
  async stop(): Promise<void> {
    const { holder } = this;
    if (holder === undefined || holder.exitCode !== null || holder.signalCode !== null) return;
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await gone;
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
      KUBEADM: binary("kubeadm"),
    };
  }

  private writeStandIns(): void {
    const bin = join(this.folder, "bin");
    mkdirSync(join(this.folder, "state"), { recursive: true });
    for (const [name, body] of Object.entries(standIns)) standIn(join(bin, name), body);
    writeFileSync(join(bin, "download"), downloaded);
  }
}

/** What runs in place of the containers of static pods. keepalived does not: this machine cannot have VRRP. */
function programs(): Record<string, string[]> {
  const kubernetes = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
  const haproxy = haproxyCommand();
  return {
    ...Object.fromEntries(kubernetes.map((name) => [name, [binary(name)]])),
    ...(haproxy === undefined ? {} : { haproxy: [...haproxy, "-f", "/etc/haproxy/haproxy.cfg"] }),
  };
}

function quoted(words: string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

/** What machines get in place of every download: the definition that the description of Calico's network needs. */
export const downloaded = JSON.stringify({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "installations.operator.tigera.io" },
  spec: {
    group: "operator.tigera.io",
    scope: "Cluster",
    names: { kind: "Installation", plural: "installations", singular: "installation" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
});

const refuse = 'echo "stand-in: unknown call: $0 $*" >&2; exit 64';

/** Stand-ins for what changes the kernel and the system of this machine. Each keeps what it was told, and answers from it. */
const standIns: Record<string, string> = {
  "dpkg-query": `[ "$1 $2" = "-W -f" ] && [ $# = 4 ] || { ${refuse}; }
grep -q "^$4 " "$STATE/packages" 2>/dev/null || { echo "dpkg-query: no packages found matching $4" >&2; exit 1; }
sed -n "s/^$4 /installed /p" "$STATE/packages"`,
  "apt-get": `case "$1" in
  update) ;;
  install)
    for word in "$@"; do
      case $word in
        install | -q | -y | --no-install-recommends | --allow-change-held-packages) ;;
        -*) ${refuse} ;;
        containerd.io) echo "containerd.io 2.4.2-1~debian.13" ;;
        *=*-\\*) version=\${word#*=}; echo "\${word%%=*} \${version%\\*}1.1" ;;
        kubeadm | kubelet | kubectl) ${refuse} ;;
        *) echo "$word 1.0" ;;
      esac
    done >>"$STATE/packages" ;;
  *) ${refuse} ;;
esac`,
  "apt-mark": `[ "$1" = hold ] || { ${refuse}; }`,
  curl: `target= address=
while [ $# -gt 0 ]; do
  case $1 in
    --output) target=$2; shift ;;
    --max-time | --proto) shift ;;
    --fail | --silent | --show-error | --location | --insecure) ;;
    https://*) address=$1 ;;
    *) ${refuse} ;;
  esac
  shift
done
case $address in
  */livez) exit 7 ;;
esac
cat "$(dirname "$0")/download" >"$target"`,
  modprobe: `[ $# = 1 ] && mkdir "/sys/module/$1"`,
  sysctl: `case "$1" in
  -n) sed -n "s|^$2=||p" "$STATE/sysctls" 2>/dev/null | tail -n 1 ;;
  -q) [ "$2" = -w ] && echo "$3" >>"$STATE/sysctls" ;;
  *) ${refuse} ;;
esac`,
  swapon: `[ "$*" = "--noheadings --show=NAME" ] || { ${refuse}; }
[ -e "$STATE/noswap" ] || echo /dev/sda2`,
  swapoff: `[ "$*" = -a ] && touch "$STATE/noswap"`,
  systemctl: `echo "systemctl $*" >>"$STATE/calls"
case "$1" in
  daemon-reload | stop) ;;
  restart) touch "$STATE/active-$2" ;;
  enable) touch "$STATE/enabled-$2" ;;
  start) touch "$STATE/active-$2" ;;
  is-enabled) [ "$2" = --quiet ] && [ -e "$STATE/enabled-$3" ] ;;
  is-active) [ "$2" = --quiet ] && [ -e "$STATE/active-$3" ] ;;
  *) ${refuse} ;;
esac`,
  "update-ca-certificates": "exit 0",
  kubeadm: `echo "kubeadm $*" >>"$STATE/calls"
case "$*" in
  "init --config /etc/kubernetes/kubeadm.yaml --skip-token-print")
    # The stand-in for the kubelet registers no node, and its certificates are not made by bootstrap.
    exec "$KUBEADM" "$@" --skip-phases preflight,mark-control-plane,kubelet-finalize ;;
  *) exec "$KUBEADM" "$@" ;;
esac`,
};

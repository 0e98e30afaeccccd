import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { firstChild, outputHas } from "./namespaces";

/** The address from which administrators use the API, in the range that the example's firewall admits. */
const administrator = "10.20.9.5";

/** A network of planned machines, with a bridge that connects them. Nothing outside of the test reaches it. */
export class PlanNetwork {
  private holder: ChildProcess | undefined;
  private pid = 0;

  async start(): Promise<void> {
    const setup = [
      "ip link set lo up",
      "ip link add machines type bridge",
      "ip link set machines up",
      `ip address add ${administrator}/24 dev machines`,
      "ip route add 10.20.0.0/24 dev machines",
      "echo ready",
      // Ends with the test, however that ends.
      "exec cat",
    ];
    const flags = ["--net", "--fork", "--kill-child"];
    this.holder = spawn("unshare", [...flags, "sh", "-euc", setup.join("\n")], { stdio: "pipe" });
    await outputHas(this.holder, "ready");
    this.pid = firstChild(this.holder);
  }

  /** Connects a machine, whose first process has the given process ID. */
  plug(name: string, pid: number): void {
    const peer = ["peer", "name", "eth0", "netns", String(pid)];
    this.ip("link", "add", name, "type", "veth", ...peer);
    this.ip("link", "set", name, "master", "machines", "up");
  }

  /** Returns the words that run a command in this network, like on an administrator's computer. */
  get words(): string[] {
    return ["nsenter", "--target", String(this.pid), "--net", "--"];
  }

  stop(): void {
    this.holder?.kill("SIGKILL");
  }

  private ip(...args: string[]): void {
    const [command = "", ...words] = [...this.words, "ip", ...args];
    execFileSync(command, words, { stdio: "pipe" });
  }
}

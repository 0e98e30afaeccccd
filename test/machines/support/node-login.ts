import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand, type Printed } from "../../support/results";

/** Settings that a node has for itself; all others are those of the computer that runs the test. */
const ownSettings = "/proc/sys/net";

/**
 * A real node as an administrator uses it who has logged in. The settings of the kernel that the node shares with the
 * computer that runs it are read-only in it, so that no test changes that computer.
 */
export class NodeLogin {
  private readonly searched = ["/opt/platform", "/usr/sbin", "/usr/bin"];
  private readonly mounts = [
    "mount --bind /proc/sys /proc/sys",
    `mount --bind ${ownSettings} ${ownSettings}`,
    "mount -o remount,bind,ro /proc/sys",
  ];

  /** @param pid the node's first process, as this computer counts. */
  constructor(private readonly pid: number) {}

  /** Returns where a path of the node is on this computer. */
  path(onNode: string): string {
    return join(`/proc/${this.pid}/root`, onNode);
  }

  write(onNode: string, text: string, mode = 0o644): void {
    const path = this.path(onNode);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
  }

  /** Programs of a folder come before those of the node from now on. */
  use(folder: string): void {
    this.searched.unshift(folder);
  }

  /** Mounts files of the node over shared settings, by name: they can be written from now on, and stand for nothing. */
  async detach(settings: readonly string[]): Promise<void> {
    for (const name of settings) {
      const setting = `/proc/sys/${name.replaceAll(".", "/")}`;
      const copy = `/var/lib/settings/${name}`;
      await this.shell(`mkdir -p /var/lib/settings && cat ${setting} >${copy}`);
      this.mounts.push(`mount --bind ${copy} ${setting}`);
    }
  }

  /** Runs a command on the node. */
  run(...command: string[]): Promise<Printed> {
    return this.without([], ...command);
  }

  /** Runs a command on the node as if it did not have some programs. @param programs their paths. */
  without(programs: readonly string[], ...command: string[]): Promise<Printed> {
    const hides = programs.map((path) => `mount --bind /dev/null ${path}`);
    const namespaces = ["--mount", "--net", "--uts", "--ipc", "--pid"];
    return runCommand(
      "nsenter",
      [
        ...["--target", String(this.pid), ...namespaces, "--", "env", "--chdir=/"],
        // What is mounted ends with the command.
        ...[
          "unshare",
          "--mount",
          "sh",
          "-euc",
          [...this.mounts, ...hides, 'exec "$@"'].join("\n"),
          "sh",
        ],
        ...command,
      ],
      { cwd: "/", env: { PATH: this.searched.join(":"), HOME: "/root" } },
    );
  }

  /** Runs a shell script on the node. @throws Error if it fails. */
  async shell(script: string): Promise<string> {
    const { code, output, stdout } = await this.run("sh", "-euc", script);
    if (code !== 0) throw new Error(`ended with ${code}:\n${script}\n${output}`);
    return stdout;
  }
}

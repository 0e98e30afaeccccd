import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { filebeatConfig } from "../../components/logging/filebeat-config";
import { topic } from "../../components/logging/kafka-config";
import { binary } from "../../local/toolchain/install";

/**
 * A real Filebeat that reads a local folder as if it were the root of a node, with the component's settings except for
 * paths and the port. It is two major versions older than the image, the newest in a registry; it tests how lines are
 * read, split, joined and sent. It does not read files that are shorter than the fingerprint; the image's version does
 * (`growing`).
 */
export class Filebeat {
  private readonly root = mkdtempSync(join(tmpdir(), "filebeat-"));
  private readonly kill = () => this.child?.kill("SIGKILL");
  private child: ChildProcess | undefined;
  private output = "";

  /** Writes a log file, by its path on a node. */
  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /**
   * Starts reading.
   * @param hosts host names that resolve to this machine in this process only.
   */
  start(server: string, environment: string, hosts: string[], port: number): void {
    const config = filebeatConfig({ environment, kafka: { servers: [server], topic } });
    const text = stringify(config)
      .replaceAll("/var/log/containers", join(this.root, "/var/log/containers"))
      .replaceAll("/data/nodelogs", join(this.root, "/data/nodelogs"))
      .replaceAll("/var/lib/filebeat", join(this.root, "/var/lib/filebeat"))
      .replace("0.0.0.0", "127.0.0.1")
      .replace("5066", String(port));
    this.write("filebeat.yml", text);
    this.write("hosts", hosts.map((host) => `127.0.0.1 ${host}\n`).join(""));
    const file = (name: string) => join(this.root, name);
    const program = `mount --bind '${file("hosts")}' /etc/hosts && exec '${binary("filebeat")}' --strict.perms=false -e -c '${file("filebeat.yml")}'`;
    process.once("exit", this.kill);
    this.child = spawn("unshare", ["--map-root-user", "--mount", "sh", "-c", program], {
      env: { PATH: process.env["PATH"], NODE_NAME: "node-1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000));
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
  }

  /** Its output, for the message of a failed test. */
  get printed(): string {
    return this.output;
  }

  /** Stops it and deletes its files. */
  async stop(): Promise<void> {
    const child = this.child;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once("close", resolve));
      const late = setTimeout(this.kill, 10_000);
      child.kill("SIGTERM");
      await closed;
      clearTimeout(late);
    }
    process.off("exit", this.kill);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeFlags } from "../../local/toolchain/elasticsearch";
import { javaHome } from "../../local/toolchain/java";
import { run } from "../../local/toolchain/run";
import { freePort } from "./backup";
import { certificateFiles } from "./certificates";
import { classArchive, shortRun } from "./java";

/** An Elasticsearch node on this machine, with a stack's settings except for paths, ports and addresses. */
export class ElasticsearchNode {
  private readonly folder = mkdtempSync(join(tmpdir(), "elasticsearch-"));
  private readonly kill = () => this.child?.kill("SIGKILL");
  private child: ChildProcess | undefined;
  private output = "";
  private port = 0;
  /** The class archive that the end of the node writes. */
  private written: { archive: string; incomplete: string } | undefined;

  /**
   * @param password that of user elastic, for a node behind the stand-in for the security module, with TLS and logins.
   * Default: a node without it.
   */
  constructor(
    private readonly home: string,
    private readonly password?: string,
  ) {}

  /** URL of its API. */
  get url(): string {
    return this.password === undefined
      ? `http://127.0.0.1:${this.port}`
      : `https://localhost:${this.port}`;
  }

  /** File of the certificate authority of its API. */
  get authority(): string {
    return join(this.folder, "config/tls/ca.crt");
  }

  /** Starts the node with a settings file, and waits until its API responds. */
  async start(settings: string): Promise<void> {
    await this.launch(settings, this.password === undefined ? [] : ["behind-front"]);
    await this.until(/^node started$/m);
  }

  /** Makes a node validate a settings file, without a cluster. */
  async check(settings: string): Promise<string> {
    await this.launch(settings, ["check"]);
    await new Promise((resolve) => this.child?.once("close", resolve));
    return this.output;
  }

  /** Writes a secret setting into the node's keystore, which it reads when it starts. */
  async keep(setting: string, value: string): Promise<void> {
    const config = join(this.folder, "config");
    mkdirSync(config, { recursive: true });
    const command = [this.java, ...shortRun, ...nodeFlags(this.home), "Keystore", config].map(
      (word) => `'${word}'`,
    );
    const script = `${command.join(" ")} create && printf %s "$2" | ${command.join(" ")} add --stdin "$1"`;
    await run("sh", ["-euc", script, "keep", setting, value]);
  }

  /** Stops the node and deletes its files. */
  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Stops the node, which can be started again. */
  async end(): Promise<void> {
    const child = this.child;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once("close", resolve));
      const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
      child.kill("SIGTERM");
      await closed;
      clearTimeout(late);
    }
    const { archive, incomplete } = this.written ?? {};
    if (archive && incomplete && child?.signalCode === null && existsSync(incomplete)) {
      renameSync(incomplete, archive);
    }
    process.off("exit", this.kill);
  }

  private get java(): string {
    return join(javaHome(21) ?? "", "bin/java");
  }

  /**
   * Returns the flags of {@link nodeFlags} with a class archive: {@link classArchive}.
   * @param runs whether the node will run, so that its end may write the archive.
   */
  private async classFlags(runs: boolean): Promise<string[]> {
    const archive = classArchive("elasticsearch", this.home, this.java);
    const classes = join(this.home, "classes");
    // An archive has no classes of folders.
    const jar = archive.replace(/jsa$/, "jar");
    if (!existsSync(jar)) {
      const incomplete = `${jar}.${process.pid}`;
      await run(join(this.java, "../jar"), ["cf", incomplete, "-C", classes, "."]);
      renameSync(incomplete, jar);
    }
    this.written = undefined;
    const shared = ["-Xlog:disable"];
    if (existsSync(archive)) shared.push(`-XX:SharedArchiveFile=${archive}`);
    else if (runs) {
      this.written = { archive, incomplete: `${archive}.${process.pid}` };
      shared.push(`-XX:ArchiveClassesAtExit=${this.written.incomplete}`);
    }
    return [...shared, ...nodeFlags(this.home).map((flag) => flag.replace(classes, jar))];
  }

  private async launch(settings: string, args: string[]): Promise<void> {
    const config = join(this.folder, "config");
    mkdirSync(join(config, "tls"), { recursive: true });
    for (const [name, text] of Object.entries(await certificateFiles())) {
      writeFileSync(join(config, "tls", name), text);
    }
    this.port = await freePort();
    const here = {
      "network.host": "127.0.0.1",
      "readiness.port": await freePort(),
      "http.port": this.port,
      "transport.port": await freePort(),
      "path.data": join(this.folder, "data"),
      "path.logs": join(this.folder, "logs"),
    };
    const own = settings.replace(/^(network\.host|readiness\.port):.*\n/gm, "");
    const lines = Object.entries(here).map(([key, value]) => `${key}: ${value}\n`);
    writeFileSync(join(config, "elasticsearch.yml"), own + lines.join(""));
    const names = ["elasticsearch-0.elasticsearch-nodes.logging.svc", "localhost"];
    const hosts = join(this.folder, "hosts");
    writeFileSync(hosts, names.map((name) => `127.0.0.1 ${name}\n`).join(""));
    const hidden = `-Dfront.node.port=${await freePort()}`;
    const flags = [
      ...shortRun,
      "-Xmx512m",
      hidden,
      `-Djdk.net.hosts.file=${hosts}`,
      ...(await this.classFlags(!args.includes("check"))),
    ];
    this.output = "";
    this.child = spawn(this.java, [...flags, "StartNode", this.home, config, ...args], {
      env: {
        PATH: process.env["PATH"],
        POD_NAME: "elasticsearch-0",
        ZONE: "a",
        ELASTIC_PASSWORD: this.password,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", this.kill);
    const keep = (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000));
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
  }

  private async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      if (this.child?.exitCode !== null) throw new Error(`Elasticsearch ended:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

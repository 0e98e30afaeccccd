import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../components/shared/hash";
import { images } from "../../versions/images";
import { cacheFolder, checkout } from "../../local/toolchain/paths";
import { run } from "../../local/toolchain/run";
import { freePort } from "./backup";
import { certificateFiles } from "./certificates";
import { javaHome } from "./java";

const sources = join(checkout, "test/integration/elasticsearch");
const { tag } = images.elasticsearch;

/** Jars of modules; all others belong to the server. */
const modules: Record<string, RegExp> = {
  "transport-netty4": /^(transport-netty4|netty-)/,
  "x-pack-core": /^(x-pack-core|http|commons-|icu4j|slf4j|unboundid|log4j-1\.2|log4j-slf4j2)/,
};

/** Compression library of stored fields: part of Elasticsearch's distribution, here that of the system. */
const zstd = [
  "/usr/lib/x86_64-linux-gnu/libzstd.so.1",
  "/usr/lib/aarch64-linux-gnu/libzstd.so.1",
  "/usr/lib64/libzstd.so.1",
].find((file) => existsSync(file));

/** Returns what this machine lacks for a node; undefined if it can run. */
export function elasticsearchLacks(): string | undefined {
  if (javaHome(21) === undefined) return "a JDK of version 21 or newer";
  return zstd === undefined ? "libzstd" : undefined;
}

/**
 * Returns the folder of a server in the image's version, with the layout of its distribution; created once per user.
 */
export async function elasticsearchHome(): Promise<string> {
  const files = ["pom.xml", "StartNode.java", "StandIn.java"];
  const texts = files.map((file) => [file, readFileSync(join(sources, file), "utf8")]);
  const hash = contentHash(Object.fromEntries(texts) as Record<string, string>);
  const folder = join(cacheFolder(), "elasticsearch", `${tag}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const incomplete = mkdtempSync(`${folder}-`);
  try {
    await layOut(incomplete);
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(incomplete, folder);
  } finally {
    rmSync(incomplete, { recursive: true, force: true });
  }
  return folder;
}

async function layOut(home: string): Promise<void> {
  const jars = join(home, "jars");
  await run("mvn", [
    ...[
      "--batch-mode",
      "--quiet",
      "-f",
      join(sources, "pom.xml"),
      `-Delasticsearch.version=${tag}`,
    ],
    ...["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`],
  ]);
  const bin = join(javaHome(21) ?? "", "bin");
  const java = ["StartNode.java", "StandIn.java"].map((file) => join(sources, file));
  const classes = join(home, "classes");
  await run(join(bin, "javac"), ["-nowarn", "-d", classes, "-cp", `${jars}/*`, ...java]);
  for (const name of ["lib", "natives", ...Object.keys(modules).map((name) => `modules/${name}`)]) {
    mkdirSync(join(home, name), { recursive: true });
  }
  for (const jar of readdirSync(jars)) {
    const module = Object.entries(modules).find(([, pattern]) => pattern.test(jar))?.[0];
    renameSync(join(jars, jar), join(home, module ? `modules/${module}` : "lib", jar));
  }
  for (const name of Object.keys(modules)) {
    const folder = join(home, "modules", name);
    const entry = `META-INF/es-plugins/${name}/plugin-descriptor.properties`;
    const text = await run("unzip", ["-p", join(folder, `${name}-${tag}.jar`), entry]);
    // Plain jars: the modules of the distribution are linked into a runtime image.
    const descriptor = text.replace(/^modulename=.*$/m, "");
    writeFileSync(join(folder, "plugin-descriptor.properties"), descriptor);
  }
  await standInModule(home, bin);
  symlinkSync(zstd ?? "", join(home, "natives/libzstd.so"));
}

async function standInModule(home: string, bin: string): Promise<void> {
  const folder = join(home, "modules/stand-in");
  mkdirSync(folder);
  const classes = readdirSync(join(home, "classes")).filter((name) => name.startsWith("StandIn"));
  const jar = ["cf", join(folder, "stand-in.jar")];
  await run(join(bin, "jar"), [
    ...jar,
    ...classes.flatMap((n) => ["-C", join(home, "classes"), n]),
  ]);
  for (const name of classes) rmSync(join(home, "classes", name));
  const properties = {
    name: "stand-in",
    description: "what no registry carries",
    version: tag,
    "elasticsearch.version": tag,
    "java.version": "21",
    classname: "StandIn",
    "extended.plugins": "x-pack-core",
  };
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(folder, "plugin-descriptor.properties"), lines.join(""));
}

/** An Elasticsearch node on this machine, with a stack's settings except for paths, ports and addresses. */
export class ElasticsearchNode {
  private readonly folder = mkdtempSync(join(tmpdir(), "elasticsearch-"));
  private readonly kill = () => this.child?.kill("SIGKILL");
  private child: ChildProcess | undefined;
  private output = "";
  private port = 0;

  constructor(private readonly home: string) {}

  /** URL of its API, without TLS: the module for it is in no registry. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the node with a settings file, and waits until its API responds. */
  async start(settings: string): Promise<void> {
    await this.launch(settings, []);
    await this.until(/^node started$/m);
  }

  /** Makes a node validate a settings file, without a cluster. */
  async check(settings: string): Promise<string> {
    await this.launch(settings, ["check"]);
    await new Promise((resolve) => this.child?.once("close", resolve));
    return this.output;
  }

  /** Stops the node and deletes its files. */
  async stop(): Promise<void> {
    const child = this.child;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once("close", resolve));
      const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
      child.kill("SIGTERM");
      await closed;
      clearTimeout(late);
    }
    process.off("exit", this.kill);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
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
    const flags = [
      ...["-Xmx512m", "--add-modules", "jdk.incubator.vector"],
      "--enable-native-access=ALL-UNNAMED",
      ...["-Des.distribution.type=docker", `-Des.nativelibs.path=${join(this.home, "natives")}`],
      "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
      `-Djdk.net.hosts.file=${hosts}`,
    ];
    const classPath = `${join(this.home, "classes")}:${join(this.home, "lib")}/*`;
    this.child = spawn(
      join(javaHome(21) ?? "", "bin/java"),
      [...flags, "-cp", classPath, "StartNode", this.home, config, ...args],
      {
        env: { PATH: process.env["PATH"], POD_NAME: "elasticsearch-0", ZONE: "a" },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
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

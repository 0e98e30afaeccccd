import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { kafka } from "../../components/logging/kafka";
import type { KafkaArgs } from "../../components/logging/kafka-args";
import {
  clientProperties,
  kafkaHosts,
  kafkaPaths,
  kafkaPorts,
  nodesDomain,
  propertiesText,
  userProperties,
  type KafkaSecurity,
} from "../../components/logging/kafka-config";
import { contentHash } from "../../components/shared/hash";
import { images } from "../../versions/images";
import { cacheFolder, checkout } from "../../local/toolchain/paths";
import { run } from "../../local/toolchain/run";
import { freePort } from "./backup";
import type { ScriptRun } from "./bootstrap";
import { certificateFiles } from "./certificates";
import { at, declare, type Declared } from "./declare";
import { standIn } from "./shell";
import type { PodSpec } from "./workloads";

/** Programs of Kafka's distribution that the tests start. */
const programs = {
  "kafka-storage.sh": "kafka.tools.StorageTool",
  "kafka-server-start.sh": "kafka.Kafka",
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs.sh": "kafka.admin.ConfigCommand",
  "kafka-get-offsets.sh": "org.apache.kafka.tools.GetOffsetShell",
  "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-producer-perf-test.sh": "org.apache.kafka.tools.ProducerPerformance",
  "kafka-consumer-perf-test.sh": "org.apache.kafka.tools.ConsumerPerformance",
} as const;

/** Signals that end a run; by default, Node.js would exit without stopping its child processes. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const heap = "-Xmx512m";

/** Returns the folder of the jars of the image's version of Kafka; Maven downloads them once per user. */
export async function kafkaJars(): Promise<string> {
  const pom = join(checkout, "test/integration/kafka/pom.xml");
  const { tag } = images.kafka;
  const hash = contentHash({ pom: readFileSync(pom, "utf8") });
  const folder = join(cacheFolder(), "kafka", `${tag}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, ".."), { recursive: true });
  const incomplete = mkdtempSync(`${folder}-`);
  try {
    await run("mvn", [
      ...["--batch-mode", "--quiet", "-f", pom, `-Dkafka.version=${tag}`],
      ...["dependency:copy-dependencies", "-DincludeScope=runtime"],
      `-DoutputDirectory=${incomplete}`,
    ]);
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(incomplete, folder);
  } finally {
    rmSync(incomplete, { recursive: true, force: true });
  }
  return folder;
}

/**
 * A real Kafka with one node on this machine: the component's files and scripts, with only paths and ports replaced.
 * Its host names resolve to this machine only in the Java programs that are started here.
 */
export class KafkaNode {
  private readonly folder = mkdtempSync(join(tmpdir(), "kafka-"));
  private readonly children = new Set<ChildProcess>();
  private readonly killAll = () => this.signal("SIGKILL");
  private readonly clear = () => {
    this.killAll();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  };
  private readonly interrupted = () => process.exit(130);
  private server: ChildProcess | undefined;
  private output = "";
  private ports = { client: 0, controller: 0 };
  private declared: Declared | undefined;

  constructor(
    private readonly jars: string,
    private readonly args: KafkaArgs,
  ) {
    process.once("exit", this.clear);
    for (const signal of signals) process.once(signal, this.interrupted);
  }

  /** Starts the node with its own script, and waits until clients can connect. */
  async start(): Promise<void> {
    this.ports = { client: await freePort(), controller: await freePort() };
    this.declared = await declare((provider) => {
      const parent = new pulumi.ComponentResource("test:Kafka", "test", {}, { provider });
      const namespace = pulumi.output("logging");
      const context = { environment: "dev" };
      kafka({ name: "logging", namespace, parent, context, policies: [], zones: false }, this.args);
    });
    await this.writeFiles(this.args.security);
    const [container] = this.pod("StatefulSet", /^kafka$/).containers;
    const given = Object.fromEntries(
      container?.env?.map(({ name, value }) => [name, String(value)]) ?? [],
    );
    this.server = this.spawn("sh", [this.path("settings/start.sh")], {
      ...given,
      KAFKA: this.path("home"),
      SETTINGS: this.path("settings"),
      SECRETS: this.path("secrets"),
      TLS: this.path("tls"),
      CLIENT: this.path("client/client.properties"),
      WORK: this.path("work"),
      LOG_DIR: this.path("work"),
      POD_NAME: "kafka-0",
      NODES_DOMAIN: nodesDomain,
      CLUSTER_ID: Buffer.from("a cluster's uuid").toString("base64url"),
      KAFKA_LOG4J_OPTS: String(given["KAFKA_LOG4J_OPTS"]).replace(
        kafkaPaths.settings,
        this.path("settings"),
      ),
      KAFKA_HEAP_OPTS: heap,
    });
    const keep = (data: Buffer) => (this.output = (this.output + data.toString()).slice(-20_000));
    this.server.stdout?.on("data", keep);
    this.server.stderr?.on("data", keep);
    while (!(await this.listens())) {
      if (this.ended) throw new Error(`Kafka ended:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Variables of the Job that creates the topic. */
  topicVariables(): Record<string, string> {
    const [container] = this.pod("Job", /^kafka-topics-/).containers;
    const [command, ...words] = container?.command ?? [];
    const shell = words.indexOf("sh");
    if (command !== "env" || shell < 0) throw new Error("the topic's Job is not run by env and sh");
    return Object.fromEntries(
      words.slice(0, shell).map((word) => {
        const equals = word.indexOf("=");
        return [word.slice(0, equals), word.slice(equals + 1)];
      }),
    );
  }

  /** Runs the topic's script like its Job, with changed values for some variables. */
  makeTopic(changed: Record<string, string> = {}): Promise<ScriptRun> {
    const variables = { ...this.topicVariables(), ...changed };
    return this.finish("sh", [join(checkout, "components/logging/kafka/topics.sh")], {
      ...variables,
      SERVERS: String(variables["SERVERS"]).replace(/:\d+$/, `:${this.ports.client}`),
      KAFKA: this.path("home"),
      LOG_DIR: this.path("work"),
      BOOTSTRAP_SECRETS: this.path("client"),
    });
  }

  /** Address of the node for clients on this machine. */
  get address(): string {
    return `kafka:${this.ports.client}`;
  }

  /** Runs the script for rolling restarts, like the node's probes. */
  inSync(question: string): Promise<ScriptRun> {
    return this.finish("sh", [this.path("settings/in-sync.sh"), question], {
      POD_NAME: "kafka-0",
      NODES_DOMAIN: nodesDomain,
      CLIENT: this.path("client/client.properties"),
      KAFKA: this.path("home"),
      LOG_DIR: this.path("work"),
      LIMIT: "0",
    });
  }

  /**
   * Runs a Kafka tool and returns its output.
   * @throws Error if it fails.
   */
  async tool(program: keyof typeof programs, ...args: string[]): Promise<string> {
    const login = this.path("client/client.properties");
    const { code, stdout, stderr } = await this.finish(
      this.path(`home/bin/${program}`),
      [
        ...["--bootstrap-server", `kafka:${this.ports.client}`],
        ...(existsSync(login) ? ["--command-config", login] : []),
        ...args,
      ],
      { KAFKA_HEAP_OPTS: heap },
    );
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Stops all processes and deletes all files. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const ending = [...this.children].map(
      (child) => new Promise((resolve) => child.once("close", resolve)),
    );
    const late = setTimeout(this.killAll, 15_000);
    await Promise.all(ending);
    clearTimeout(late);
    this.clear();
    process.off("exit", this.clear);
    for (const signal of signals) process.off(signal, this.interrupted);
  }

  private get ended(): boolean {
    return this.server === undefined || !this.children.has(this.server);
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private async writeFiles(security: KafkaSecurity): Promise<void> {
    // The image has an empty folder of secrets, but none of certificates.
    for (const name of ["data", "settings", "work", "client", "secrets"]) {
      mkdirSync(this.path(name));
    }
    const { data } = this.found("ConfigMap", /^kafka-[0-9a-f]{10}$/) as unknown as {
      data: Record<string, string>;
    };
    for (const [name, text] of Object.entries(data)) {
      writeFileSync(join(this.path("settings"), name), this.here(text));
    }
    const hosts = ["localhost", "kafka", "kafka.logging.svc", ...kafkaHosts(1)];
    writeFileSync(this.path("hosts"), hosts.map((host) => `127.0.0.1 ${host}\n`).join(""));
    for (const [file, main] of Object.entries(programs)) {
      const options = `-Djdk.net.hosts.file='${this.path("hosts")}' -cp '${this.jars}/*'`;
      const java = `exec java $KAFKA_HEAP_OPTS \${KAFKA_LOG4J_OPTS:-} ${options} ${main} "$@"`;
      standIn(this.path(`home/bin/${file}`), java);
    }
    if (security === "sasl-tls") await this.writeSecrets();
  }

  private async writeSecrets(): Promise<void> {
    const [broker, client] = ["broker's", "client's"];
    const files = await certificateFiles();
    const authority = this.path("client/ca.crt");
    mkdirSync(this.path("tls"));
    for (const [name, text] of Object.entries(files)) writeFileSync(this.path(`tls/${name}`), text);
    cpSync(this.path("tls/ca.crt"), authority);
    writeFileSync(
      this.path("secrets/users.properties"),
      propertiesText(userProperties(broker, client)),
    );
    writeFileSync(
      this.path("client/client.properties"),
      propertiesText(clientProperties(client, authority)),
    );
  }

  /** Replaces paths and ports in a file of the component. */
  private here(text: string): string {
    const { client, controller } = this.ports;
    return text
      .replaceAll("CLIENT://:", "CLIENT://127.0.0.1:")
      .replaceAll("CONTROLLER://:", "CONTROLLER://127.0.0.1:")
      .replaceAll(`:${kafkaPorts.client}`, `:${client}`)
      .replaceAll(`:${kafkaPorts.controller}`, `:${controller}`)
      .replaceAll(kafkaPaths.data, this.path("data"))
      .replaceAll(kafkaPaths.tls, this.path("tls"))
      .replaceAll(kafkaPaths.keyStore, this.path("work/node.pem"));
  }

  private found(kind: string, name: RegExp) {
    const found = this.declared?.objects.find(
      (object) => object.kind === kind && name.test(object.metadata.name),
    );
    if (found === undefined) throw new Error(`no ${kind} ${name.source} is declared`);
    return found;
  }

  private pod(kind: string, name: RegExp): PodSpec {
    return at(this.found(kind, name), "spec.template.spec") as PodSpec;
  }

  /** Starts a program in a separate process group, so that its children end with it. */
  private spawn(command: string, args: string[], variables: Record<string, string>): ChildProcess {
    const child = spawn(command, args, {
      env: { PATH: process.env["PATH"], ...variables },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.children.add(child);
    child.on("close", () => this.children.delete(child));
    return child;
  }

  private finish(
    command: string,
    args: string[],
    variables: Record<string, string>,
  ): Promise<ScriptRun> {
    return new Promise((resolve, reject) => {
      const child = this.spawn(command, args, variables);
      let [stdout, stderr] = ["", ""];
      child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
      child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  private signal(signal: NodeJS.Signals): void {
    for (const { pid } of this.children) {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // It has just ended.
      }
    }
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.ports.client, "127.0.0.1");
      const answer = (open: boolean) => {
        socket.destroy();
        resolve(open);
      };
      socket.on("connect", () => answer(true));
      socket.on("error", () => answer(false));
    });
  }
}
